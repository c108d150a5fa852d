/** Evaluates a run's model, and the model it started from, on held-out notes. */
import { usageError } from '../../core/base/errors.js';
import { installedModel } from '../../engine/bundledModel.js';
import { otherProtocols, protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { defaultProtocol } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import type { EvaluateJob } from '../../protocol/run.js';
import type { Corpus } from '../corpora/corpora.js';
import { showJobProgress } from '../runs/jobProgress.js';
import { listPretrainings } from '../../engine/runs.js';
import type { Pretraining } from '../../engine/runs.js';
import type { Services } from '../services.js';
import { jobTitle } from '../wording.js';
import { choose, chooseCorpus, corpusFor, outcome } from '../ask/choices.js';

export interface EvaluateArguments {
  readonly corpus?: string | undefined;
  readonly run?: string | undefined;
  readonly protocol?: ProtocolName | undefined;
}

export async function evaluate(
  services: Services,
  given: EvaluateArguments | null,
): Promise<{ run: string }> {
  const { corpora, jobs, places } = services;
  const corpus =
    given === null
      ? await chooseCorpus(services, 'Evaluate on')
      : await corpusFor(services, given.corpus);
  const run = await runFor(corpus, given);
  const spec: EvaluateJob = {
    kind: 'evaluate',
    protocol: given === null ? await chooseProtocol() : (given.protocol ?? defaultProtocol),
    corpus: corpus.spec,
    models:
      run === null
        ? [places.bundledModel]
        : [await installedModel(run.spec.base, places.bundledModel), run.model ?? run.folder],
    // The seed determines the split: with the run's own seed, the same notes are held out.
    seed: run?.spec.seed ?? 0,
  };
  const folder = await jobs.start((await corpora.claim(corpus)).runs, spec);
  showJobProgress(services, folder, jobTitle(spec, corpus.name));
  return { run: folder };
}

/** Does not ask when there is only one choice. */
async function chooseProtocol(): Promise<ProtocolName> {
  if (otherProtocols.length === 1) return defaultProtocol;
  return choose(
    'What should be measured?',
    otherProtocols.map((value) => {
      const { label, sentence } = protocolEntries[value];
      return { label, detail: sentence, value };
    }),
  );
}

/** `null`: nothing has been trained yet, so the bundled model is evaluated alone. */
async function runFor(
  corpus: Corpus,
  given: { readonly run?: string | undefined } | null,
): Promise<Pretraining | null> {
  const done = (await listPretrainings(corpus.runs)).filter(({ model }) => model !== null);
  if (given?.run !== undefined) {
    const found = done.find(({ folder, name }) => folder === given.run || name === given.run);
    if (found === undefined) throw usageError('There is no such run with a model.');
    return found;
  }
  const [newest] = done;
  if (newest === undefined || given !== null || done.length === 1) return newest ?? null;
  return choose(
    'Compare with the model it started from',
    done.map((run) => ({ label: run.name, description: outcome(run), value: run })),
  );
}
