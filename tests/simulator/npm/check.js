'use strict';
// Calls a camera with the npm package `onvif`, which this project did not write, and prints what it understood as JSON.
const { promisify } = require('node:util');
const { Cam } = require('onvif');
const { linerase } = require('onvif/lib/utils');

// Its callback form: the promises form hides `_request`, which the search call below needs.
function promised(cam) {
  return new Proxy({}, { get: (_, name) => promisify(cam[name].bind(cam)) });
}

// The package's own getRecordingInformation asks rightly and then reads the wrong element of the answer.
async function recordingInformation(cam, token) {
  const request = promisify(cam._request.bind(cam));
  const data = await request({
    service: 'search',
    body:
      `${cam._envelopeHeader()}<GetRecordingInformation xmlns="http://www.onvif.org/ver10/search/wsdl">` +
      `<RecordingToken>${token}</RecordingToken></GetRecordingInformation>${cam._envelopeFooter()}`,
  });
  return linerase(data).getRecordingInformationResponse.recordingInformation;
}

// The package has no search for events; its session, its SOAP and its reading of answers are used all the same.
async function events(cam, token) {
  const request = promisify(cam._request.bind(cam));
  const ask = async (operation, body) => {
    const data = await request({
      service: 'search',
      body:
        `${cam._envelopeHeader()}<${operation} xmlns="http://www.onvif.org/ver10/search/wsdl">` +
        `${body}</${operation}>${cam._envelopeFooter()}`,
    });
    return linerase(data)[`${operation[0].toLowerCase()}${operation.slice(1)}Response`];
  };
  const hours = (ago) => new Date(Date.now() - ago * 3600000).toISOString();
  const search = await ask(
    'FindEvents',
    `<StartPoint>${hours(6)}</StartPoint><EndPoint>${hours(1)}</EndPoint><Scope>` +
      `<IncludedRecordings xmlns="http://www.onvif.org/ver10/schema">${token}</IncludedRecordings></Scope>` +
      '<SearchFilter/><IncludeStartState>true</IncludeStartState><KeepAliveTime>PT20S</KeepAliveTime>',
  );
  const reference = `<SearchToken>${search.searchToken}</SearchToken>`;
  const results = await ask('GetEventSearchResults', `${reference}<MaxResults>50</MaxResults>`);
  await ask('EndSearch', reference);
  return results.resultList;
}

// Changes what a section chief may change, and reads it back.
async function change(cam, height) {
  const found = {};
  const encoders = [].concat(await cam.getVideoEncoderConfigurations());
  const encoder = encoders.find((item) => item.$.token === 'VEC_main');
  const options = await cam.getVideoEncoderConfigurationOptions({ configurationToken: 'VEC_main' });
  const sizes = [].concat((options.H264 || options).resolutionsAvailable);
  encoder.resolution = sizes.find((size) => size.height === height);
  await cam.setVideoEncoderConfiguration(encoder);
  for (const token of ['main', 'sub']) {
    await cam.removeAudioEncoderConfiguration(token);
    await cam.removeAudioSourceConfiguration(token);
  }
  found.profiles = await cam.getProfiles();
  await cam.setNTP({ fromDHCP: false, type: 'DNS', dnsName: 'time.example' });
  found.ntp = await cam.getNTP();
  // Not far: the package signs with the clock that it found when it connected.
  const clock = { dateTimeType: 'Manual', dateTime: new Date(Date.now() + 120000) };
  found.byHand = (await cam.setSystemDateAndTime(clock)).toISOString();
  found.byNtp = (await cam.setSystemDateAndTime({ dateTimeType: 'NTP' })).toISOString();
  return found;
}

async function main() {
  const [hostname, port, username, password, height] = process.argv.slice(2);
  const raw = new Cam({ hostname, port: Number(port), username, password, timeout: 8000, autoconnect: false });
  const cam = promised(raw);
  await cam.connect();
  if (height) {
    process.stdout.write(JSON.stringify(await change(cam, Number(height))));
    return;
  }
  const found = { services: raw.services && raw.services.map((service) => service.namespace) };
  found.time = (await cam.getSystemDateAndTime()).toISOString();
  found.device = await cam.getDeviceInformation();
  found.scopes = await cam.getScopes();
  found.hostname = await cam.getHostname();
  found.users = await cam.getUsers();
  found.network = await cam.getNetworkInterfaces();
  found.ntp = await cam.getNTP();
  found.capabilities = await cam.getCapabilities();
  found.profiles = await cam.getProfiles();
  found.stream = await cam.getStreamUri({ protocol: 'RTSP', profileToken: 'main' });
  found.snapshot = await cam.getSnapshotUri({ profileToken: 'sub' });
  found.videoSources = await cam.getVideoSources();
  found.audioSources = await cam.getAudioSources();
  found.encoders = await cam.getVideoEncoderConfigurations();
  found.options = await cam.getVideoEncoderConfigurationOptions({ configurationToken: 'VEC_main' });
  found.recordings = await cam.getRecordings();
  found.jobs = await cam.getRecordingJobs();
  found.jobState = await cam.getRecordingJobState({ JobToken: 'JOB_1' });
  found.jobConfiguration = await cam.getRecordingJobConfiguration({ JobToken: 'JOB_1' });
  found.recordingConfiguration = await cam.getRecordingConfiguration({ RecordingToken: 'SD_1' });
  found.track = await cam.getTrackConfiguration({ recordingToken: 'SD_1', trackToken: 'VIDEO001' });
  found.recordingOptions = await cam.getRecordingOptions({ RecordingToken: 'SD_1' });
  found.recordingCapabilities = await cam.getRecordingServiceCapabilities();
  found.summary = await cam.getRecordingSummary();
  found.information = await recordingInformation(raw, 'SD_1');
  found.events = await events(raw, 'SD_1');
  found.replay = await cam.getReplayUri({ recordingToken: 'SD_1', stream: 'RTP-Unicast', protocol: 'RTSP' });
  found.eventProperties = await cam.getEventProperties();
  found.eventCapabilities = await cam.getEventServiceCapabilities();
  found.subscription = await cam.createPullPointSubscription();
  const pulled = await cam.pullMessages({ messageLimit: 50, timeout: 'PT1S' });
  found.messages = [].concat(pulled.notificationMessage).map((message) => message.topic._);
  await cam.renew({});
  await cam.unsubscribe();
  process.stdout.write(JSON.stringify(found));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
