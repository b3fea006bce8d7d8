// A car at a charger that is not ours (npm ocpp-rpc, OCPP 1.6): what the pages of live charging are shown with.
import { bookNow, card, Charger } from '../conformance/charging_site.mjs';

const now = () => new Date().toISOString();

export class ChargingCar {
  // Booked from now on, the station has reserved, and the car stands in the bay.
  static async arrive(t, place, identity) {
    const car = new ChargingCar();
    car.charger = await Charger.connect(t, place, identity, 'ocpp1.6');
    await car.charger.call('BootNotification', { chargePointVendor: '<b>Other</b>', chargePointModel: 'Judge' });
    await car.status('Available');
    car.booking = await bookNow(place);
    await car.charger.asked('ReserveNow');
    await car.charger.call('Authorize', { idTag: card });
    await car.occupied(true);
    return car;
  }
  status(value) {
    return this.charger.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: value, timestamp: now() });
  }
  occupied(there) {
    const data = JSON.stringify({ connectorId: 1, occupied: there, timestamp: now() });
    return this.charger.call('DataTransfer', { vendorId: 'org.bayward', messageId: 'BayOccupancy', data });
  }
  // When it is asked to.
  async start() {
    this.idTag = (await this.charger.asked('RemoteStartTransaction')).idTag;
    this.transactionId = (await this.charger.call('StartTransaction', { connectorId: 1, idTag: this.idTag, meterStart: 1000, timestamp: now() })).transactionId;
    await this.status('Charging');
  }
  meter(kwh, kw, timestamp = now()) {
    const sampledValue = [
      { value: String(kwh), unit: 'kWh', measurand: 'Energy.Active.Import.Register' },
      { value: String(kw), unit: 'kW', measurand: 'Power.Active.Import' },
    ];
    return this.charger.call('MeterValues', { connectorId: 1, transactionId: this.transactionId, meterValue: [{ timestamp, sampledValue }] });
  }
  async stop(kwh) {
    await this.charger.asked('RemoteStopTransaction');
    await this.charger.call('StopTransaction', { transactionId: this.transactionId, idTag: this.idTag, meterStop: kwh * 1000, timestamp: now(), reason: 'Remote' });
  }
  async leave() {
    await this.status('Available');
    await this.occupied(false);
  }
}
