/** Prints what wapiti found, by kind. Ends with 1 when there is a vulnerability. */
import { readFileSync } from 'node:fs';

let found = 0;
for (const file of process.argv.slice(2)) {
  const { vulnerabilities, anomalies, infos } = JSON.parse(readFileSync(file, 'utf8'));
  process.stdout.write(`${file}: ${infos.version} of ${infos.target}\n`);
  for (const [kind, group] of Object.entries({ vulnerability: vulnerabilities, anomaly: anomalies }))
    for (const [name, all] of Object.entries(group))
      for (const { method, path, info, parameter } of all) {
        if (kind === 'vulnerability') found += 1;
        process.stdout.write(`  ${kind}: ${name}: ${method} ${path} ${parameter ?? ''}: ${info}\n`);
      }
}
process.exitCode = found === 0 ? 0 : 1;
