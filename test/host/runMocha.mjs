/** Runs inside the extension host: mocha over the given test files, results into a JSON file. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export async function runMocha(loadTests) {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, forbidOnly: true, reporter: silent });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  loadTests();
  const results = { passed: 0, failed: 0, skipped: 0, failures: [] };
  await new Promise((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => {
        results.passed++;
        console.log(`[tests] ok ${test.fullTitle()} (${test.duration} ms)`);
      })
      .on('pending', (test) => {
        results.skipped++;
        console.log(`[tests] skipped ${test.fullTitle()}`);
      })
      .on('fail', (test, error) => {
        results.failed++;
        console.log(`[tests] FAILED ${test.fullTitle()}: ${error.message}`);
        results.failures.push({
          title: test.fullTitle(),
          message: `${error.message}\n${error.stack ?? ''}`,
        });
      });
  });
  writeFileSync(process.env.NOTESPACE_TEST_RESULTS, JSON.stringify(results, null, 2));
  if (results.failed > 0) throw new Error(`${results.failed} tests failed.`);
}

/** A reporter that leaves the console to the lines above. */
function silent() {}
