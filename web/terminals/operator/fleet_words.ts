// What the pages of firmware campaigns and sets of settings say.
import { bilingual } from "../../data/words";

export const words = bilingual(
  {
    fleet: "Firmware and settings", campaigns: "Firmware campaigns", noCampaigns: "No campaign yet.",
    phases: { running: "running", paused: "paused", cancelled: "cancelled", done: "over" },
    steps: { waiting: "waiting", asking: "being asked", working: "at work", installed: "installed", failed: "failed", unreachable: "not reached" },
    progress: (installed: number, all: number) => `${installed} of ${all} installed`, stage: (at: number, all: number) => `stage ${at} of ${all}`,
    whys: [[/^stage (\d+): (\d+) of (\d+) stations failed, more than (\d+) %$/, "Stage $1: $2 of $3 stations failed, more than $4 %"], [/^paused by staff$/, "Paused by staff"], [/^cancelled by staff$/, "Cancelled by staff"]] as [RegExp, string][],
    pause: "Pause", resume: "Go on", retry: "Ask the failed ones anew", cancel: "Cancel", cancelAsk: "Cancel the campaign?", cancelText: "Stations that are at work finish; nobody else is asked.",
    show: "Show stations of", hide: "Hide stations of", unchanged: "Not begun yet",
    begin: "Begin a campaign", name: "Name", image: "Image", newImage: "A new one, uploaded here", vendor: "Vendor", model: "Model", groupHint: "As the stations say when they boot; empty fits all", onlyHere: (site: string) => `Only ${site}`, file: "Image file", signature: "Signature file", signatureHint: "Over SHA-256 of the image, in Base64 or as OpenSSL writes it", certificate: "Certificate of the maker (PEM)", version: "Version", versionHint: "As stations say when they boot with it",
    failures: "Failures allowed in a stage (%)", atOnce: "At work at the same time", window: "Only between", windowHint: "Times of the site; empty: at any time", windowTo: "and", unsigned: "Also stations that can't check a signature", stagesLead: "First one station, then 10 %, then all. Nobody is interrupted while charging or shortly before a booking.", beginIt: "Begin", begun: "The campaign has begun", uploading: "Uploading …",
    sets: "Sets of settings", noSets: "No set yet.", states: { in_step: "in step", differs: "differs", not_compared: "not compared yet", unknown: "not known" }, compare: "Compare now", compared: (n: number) => `${n} connected stations are being compared`, remove: "Delete", removeAsk: "Delete the set?", removeText: "The stations keep what they have.", wanted: "wanted", reported: "reported",
    addSet: "A new set", settings: "Settings", settingsHint: "One a line: variable of 2.x, key of 1.6, value; separated by semicolons. Either name may be empty.", settingsBad: "Each line needs two semicolons.", addIt: "Add", added: "The set is there; its stations are being compared",
  },
  {
    fleet: "固件与设置", campaigns: "固件升级计划", noCampaigns: "还没有升级计划。",
    phases: { running: "进行中", paused: "已暂停", cancelled: "已取消", done: "已结束" },
    steps: { waiting: "等待", asking: "正在下达", working: "升级中", installed: "已安装", failed: "失败", unreachable: "未联系上" },
    progress: (installed, all) => `已安装${installed}/${all}`, stage: (at, all) => `第${at}阶段，共${all}阶段`,
    whys: [[/^stage (\d+): (\d+) of (\d+) stations failed, more than (\d+) %$/, "第$1阶段：$3台中$2台失败，超过$4%"], [/^paused by staff$/, "由工作人员暂停"], [/^cancelled by staff$/, "由工作人员取消"]],
    pause: "暂停", resume: "继续", retry: "重试失败的充电桩", cancel: "取消", cancelAsk: "取消该计划？", cancelText: "正在升级的充电桩会完成，不再下达新的。",
    show: "显示充电桩：", hide: "隐藏充电桩：", unchanged: "尚未开始",
    begin: "新建升级计划", name: "名称", image: "固件", newImage: "在此上传新固件", vendor: "厂商", model: "型号", groupHint: "按充电桩启动时所报；留空表示不限", onlyHere: (site) => `仅${site}`, file: "固件文件", signature: "签名文件", signatureHint: "对固件SHA-256的签名，Base64或OpenSSL输出", certificate: "厂商证书（PEM）", version: "版本", versionHint: "充电桩升级后启动时所报的版本",
    failures: "每阶段允许失败比例（%）", atOnce: "同时升级数量", window: "仅在此时段", windowHint: "小区当地时间；留空表示不限", windowTo: "至", unsigned: "包括无法校验签名的充电桩", stagesLead: "先一台，再10%，然后全部。不会打断充电，也不会在预订临近时升级。", beginIt: "开始", begun: "升级计划已开始", uploading: "正在上传……",
    sets: "设置组", noSets: "还没有设置组。", states: { in_step: "一致", differs: "不一致", not_compared: "尚未比对", unknown: "未知" }, compare: "立即比对", compared: (n) => `正在比对${n}台在线充电桩`, remove: "删除", removeAsk: "删除该设置组？", removeText: "充电桩保留现有设置。", wanted: "期望", reported: "实际",
    addSet: "新建设置组", settings: "设置", settingsHint: "每行一项：2.x变量；1.6键；值，以半角分号分隔，前两者可留空其一。", settingsBad: "每行需要两个半角分号。", addIt: "添加", added: "设置组已添加，正在比对充电桩",
  },
);
