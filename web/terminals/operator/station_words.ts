// What the page of one charging station says.
import { bilingual } from "../../data/words";

export const words = bilingual(
  {
    security: "Security", profile: "Profile on record", connectedBy: "Connected by profile", certificate: "Its certificate", certificateUntil: (serial: string, until: string) => `${serial}, until ${until}`, certificatesSince: "Certificates count from", notConnected: "not connected", profiles: { 1: "1 · password", 2: "2 · TLS and password", 3: "3 · TLS and certificates" } as Record<number, string>,
    setProfile: "Another profile", change: "Change", setProfileAsk: "Change the security profile?", setProfileText: "A connection that no longer fits is closed at once.", revoke: "Revoke its certificates", revokeAsk: "Revoke all certificates made until now?", revokeText: "The station can't connect by them any more. It needs a new one before it can come back by profile 3.", renewCertificate: "Have it renew its certificate", roots: "Root certificates (PEM)", done: "Done", events: "Security events", noEvents: "Nothing has happened.", origins: { station: "Station", platform: "Platform", staff: "Staff" } as Record<string, string>,
    model: "Device model", modelRead: "Read it from the station", modelWait: "Asked. The station reports in parts …", modelNone: "The station did not answer.", modelLead: "Every variable as the station reports it, now. Nothing of it is kept.", component: "Component", variable: "Variable", value: "Value", readOnly: "read only", writeOnly: "not shown", find: "Find in it", count: (shown: number, all: number) => (shown === all ? `${all} variables` : `${shown} of ${all} variables`), noneFits: "Nothing fits.",
    bays: "Bays", more: "Page of the station",
    outcomes: { offline: "The station is away.", silent: "The station did not answer in time.", busy: "The station still has a call to answer. Try again.", error: "The station answered with an error." } as Record<string, string>,
  },
  {
    security: "安全", profile: "登记的安全等级", connectedBy: "当前连接等级", certificate: "证书", certificateUntil: (serial, until) => `${serial}，有效至${until}`, certificatesSince: "有效证书起始时间", notConnected: "未连接", profiles: { 1: "1 · 密码", 2: "2 · TLS加密码", 3: "3 · TLS加证书" },
    setProfile: "更改等级", change: "更改", setProfileAsk: "更改安全等级？", setProfileText: "不再符合的连接会立即断开。", revoke: "吊销其证书", revokeAsk: "吊销此前签发的全部证书？", revokeText: "充电桩将无法再用这些证书连接；按等级3恢复前需要新证书。", renewCertificate: "让充电桩更新证书", roots: "根证书（PEM）", done: "已完成", events: "安全事件", noEvents: "没有事件。", origins: { station: "充电桩", platform: "平台", staff: "工作人员" },
    model: "设备模型", modelRead: "从充电桩读取", modelWait: "已请求，充电桩正在分段上报……", modelNone: "充电桩没有应答。", modelLead: "充电桩当前上报的全部变量，不保存。", component: "组件", variable: "变量", value: "值", readOnly: "只读", writeOnly: "不显示", find: "查找", count: (shown, all) => (shown === all ? `共${all}个变量` : `${all}个变量中的${shown}个`), noneFits: "没有符合的变量。",
    bays: "车位", more: "充电桩详情",
    outcomes: { offline: "充电桩不在线。", silent: "充电桩未及时应答。", busy: "充电桩仍有请求未应答，请重试。", error: "充电桩应答出错。" },
  },
);
