/**
 * `bankctl COMMAND …`: how operators and work plans move the bank. Installed as `./bankctl` in each bank's folder.
 * Exit 0 done or yes, 1 no or it failed, 2 wrong use, 3 the supervisor does not answer.
 */
import { control, type ControlRequest } from './control.ts';

const usage = `bankctl is SERVICE STATE       STATE: a version (v2), serving, drained, isolated or warm; exit 0 yes, 1 no
bankctl switch SERVICE VERSION stop the running version and start another
bankctl drain SERVICE          finish what runs, take no new requests
bankctl resume SERVICE         take requests again
bankctl warm-up SERVICE        ask the service's self-test until it passes five times in a row
bankctl isolate SERVICE        cut the service off at once; the others go on without it
bankctl rejoin SERVICE         bring an isolated service back
bankctl failover [SERVICE]     hand over to the warm standby of the version that ran first
bankctl sbom SERVICE           what the running version is built with, in CycloneDX
bankctl status                 what runs, as JSON
bankctl history                every operation so far, as JSON
`;

function parse([op, service, word, ...rest]: string[]): ControlRequest | null {
  if (rest.length > 0) return null;
  switch (op) {
    case 'is':
      return service !== undefined && word !== undefined ? { op, service, state: word } : null;
    case 'switch':
      return service !== undefined && word !== undefined ? { op, service, version: word } : null;
    case 'isolate':
    case 'rejoin':
    case 'drain':
    case 'resume':
    case 'warm-up':
    case 'sbom':
      return service !== undefined && word === undefined ? { op, service } : null;
    case 'failover':
      return word === undefined ? { op, service: service ?? 'transfer' } : null;
    case 'status':
    case 'history':
      return service === undefined ? { op } : null;
    default:
      return null;
  }
}

const [socket, ...words] = process.argv.slice(2);
const request = parse(words);
if (socket === undefined || request === null) {
  process.stderr.write(usage);
  process.exitCode = words[0] === '--help' ? 0 : 2;
} else {
  try {
    const answer = await control(socket, request);
    if (!answer.ok) {
      process.stderr.write(`bankctl: ${answer.error}\n`);
      process.exitCode = answer.use ? 2 : 1;
    } else {
      if (answer.data !== undefined) process.stdout.write(`${JSON.stringify(answer.data, null, 2)}\n`);
      process.exitCode = answer.yes === false ? 1 : 0;
    }
  } catch (error) {
    process.stderr.write(
      `bankctl: the bank's supervisor does not answer: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 3;
  }
}
