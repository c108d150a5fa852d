/** Observations that fit a patient's state, and the early warning score they add up to. */
import type { Random } from '../../src/core/base/random.js';
import type { VitalsProfile } from './conditions/condition.js';
import { around } from './prose.js';

export interface Vitals {
  readonly temperature: number;
  readonly pulse: number;
  readonly systolic: number;
  readonly diastolic: number;
  readonly respiration: number;
  readonly saturation: number;
  /** Litres a minute; 0 on air. */
  readonly oxygen: number;
}

type Means = readonly [
  temperature: number,
  pulse: number,
  systolic: number,
  respiration: number,
  saturation: number,
];

const means: Readonly<Record<VitalsProfile, Means>> = {
  well: [36.7, 78, 132, 16, 97],
  fever: [38.5, 102, 126, 20, 96],
  septic: [38.8, 118, 98, 25, 93],
  hypoxic: [37.0, 104, 134, 26, 88],
  shock: [36.2, 124, 84, 24, 95],
  tachycardic: [36.9, 122, 124, 20, 96],
  bradycardic: [36.4, 42, 118, 17, 97],
  hypertensive: [36.6, 88, 178, 17, 97],
};

/** @param recovery 0 as on arrival, 1 as at discharge */
export function createVitals(
  profile: VitalsProfile,
  age: number,
  recovery: number,
  random: Random,
): Vitals {
  const now = means[profile].map((value, i) => {
    const well = means.well[i] as number;
    return value + (well - value) * recovery;
  }) as unknown as Means;
  const child = age < 3 ? 50 : age < 12 ? 22 : 0;
  const systolic = around(now[2] - (age < 12 ? 30 : 0), 9, [68, 215], random);
  const saturation = around(now[4], 1.4, [82, 100], random);
  return {
    temperature: around(now[0], 0.3, [35, 40.2], random, 1),
    pulse: around(now[1] + child, 8, [31, 190], random),
    systolic,
    diastolic: Math.round(systolic * 0.58 + around(0, 4, [-8, 8], random)),
    respiration: around(now[3] + child / 3, 2, [11, 60], random),
    saturation,
    oxygen: saturation < 92 ? random.pick([1, 2, 2, 4]) : 0,
  };
}

/** National Early Warning Score 2, without the consciousness part. */
export function newsOf(v: Vitals): number {
  const respiration =
    v.respiration >= 25 ? 3 : v.respiration >= 21 ? 2 : v.respiration <= 11 ? 1 : 0;
  const saturation = v.saturation <= 91 ? 3 : v.saturation <= 93 ? 2 : v.saturation <= 95 ? 1 : 0;
  const systolic = v.systolic <= 90 ? 3 : v.systolic <= 100 ? 2 : v.systolic <= 110 ? 1 : 0;
  const pulse =
    v.pulse >= 131 || v.pulse <= 40
      ? 3
      : v.pulse >= 111
        ? 2
        : v.pulse >= 91 || v.pulse <= 50
          ? 1
          : 0;
  const temperature =
    v.temperature <= 35
      ? 3
      : v.temperature >= 39.1
        ? 2
        : v.temperature >= 38.1 || v.temperature <= 36
          ? 1
          : 0;
  return respiration + saturation + systolic + pulse + temperature + (v.oxygen > 0 ? 2 : 0);
}

export function vitalsLine(v: Vitals, random: Random): string {
  const air = v.oxygen > 0 ? `on ${v.oxygen} L O2` : random.pick(['on air', 'RA']);
  return random.pick([
    `HR ${v.pulse}, BP ${v.systolic}/${v.diastolic}, RR ${v.respiration}, SpO2 ${v.saturation}% ${air}, T ${v.temperature}`,
    `Temp ${v.temperature}°C, pulse ${v.pulse}, blood pressure ${v.systolic}/${v.diastolic}, resps ${v.respiration}, sats ${v.saturation}% ${air}. NEWS ${newsOf(v)}`,
    `BP ${v.systolic}/${v.diastolic}  HR ${v.pulse}  RR ${v.respiration}  sats ${v.saturation}% ${air}  T${v.temperature}`,
  ]);
}

/** As people say it when nothing needs a number. */
export function vitalsRemark(v: Vitals, random: Random): string {
  const score = newsOf(v);
  if (score <= 2)
    return random.pick([
      'Observations stable',
      `NEWS ${score}`,
      'Obs within normal limits',
      'Haemodynamically stable',
    ]);
  if (score <= 4)
    return random.pick([`NEWS ${score}, 4 hourly observations`, `Scoring ${score}, doctor aware`]);
  return random.pick([
    `NEWS ${score}, escalated to the registrar`,
    `Scoring ${score} for ${v.saturation < 93 ? 'saturations' : v.systolic < 100 ? 'blood pressure' : 'heart rate'}, hourly observations`,
    `NEWS ${score}, outreach informed`,
  ]);
}
