/** Teams, whom they see, and what only they say; a note need not say any of it. */
import type { ProblemName } from './problems.js';

export interface Team {
  readonly name: string;
  readonly ages: readonly [number, number];
  readonly sex?: 'F';
  readonly share: number;
  readonly problems: Readonly<Partial<Record<ProblemName, number>>>;
  readonly settings: readonly string[];
  readonly remarks: readonly string[];
}

export const teams: readonly Team[] = [
  {
    name: 'CAMHS',
    ages: [7, 17],
    share: 14,
    problems: {
      selfHarm: 5,
      anxiety: 4,
      depression: 4,
      neurodevelopment: 4,
      eating: 2,
      trauma: 1,
      psychosis: 1,
    },
    settings: [
      'Seen at school with the pastoral lead',
      'Family session',
      'Seen alone, then with $his $relative',
      'Video appointment from home',
    ],
    remarks: [
      'Attendance at school {60|82}% this term',
      'Gillick competent to agree to the plan',
      'Head of year will check in daily',
      '$Relative $is asking for a change of school',
      'Social care are closing the case',
      'Approaching eighteen, transition to adult services to be planned',
    ],
  },
  {
    name: 'crisis and home treatment',
    ages: [18, 72],
    share: 16,
    problems: {
      depression: 5,
      selfHarm: 4,
      psychosis: 4,
      mania: 3,
      anxiety: 1,
      substance: 1,
      trauma: 1,
    },
    settings: [
      'Home visit by two staff',
      'Gatekeeping assessment',
      'Evening telephone call',
      'Seen in the assessment suite',
    ],
    remarks: [
      'Twice-daily visits for now',
      'Alternative to admission agreed',
      'No bed needed tonight',
      'Zoned red, {step down to amber|no change}',
      'Discharge from home treatment when care co-ordinator back',
      'Handed over to the night team',
    ],
  },
  {
    name: 'early intervention',
    ages: [15, 36],
    share: 10,
    problems: { psychosis: 8, mania: 1, depression: 1, substance: 1, anxiety: 1 },
    settings: [
      'Met in a café',
      'Home visit by care co-ordinator',
      'Seen at college',
      'Walked round the park together',
    ],
    remarks: [
      'In the {first|second} year with the service',
      'Support to get back to {college|a course|a part-time job}',
      'Family group starts on Tuesday',
      'Employment specialist has written the CV with $him',
      'At-risk mental state clinic considered',
    ],
  },
  {
    name: 'older adults',
    ages: [65, 95],
    share: 13,
    problems: { cognitive: 6, depression: 4, psychosis: 2, anxiety: 2, mania: 1 },
    settings: [
      'Home visit, $relative present',
      'Seen in the memory clinic',
      'Visit to the care home',
      'Telephone call to $relative',
    ],
    remarks: [
      'Day centre {twice|three times} a week',
      'GP asked to stop {solifenacin|codeine}',
      'Care home staff keep a behaviour chart',
      'Hearing aids not worn',
      'Widowed {last year|ten years ago}',
    ],
  },
  {
    name: 'perinatal',
    ages: [18, 43],
    sex: 'F',
    share: 11,
    problems: { depression: 5, anxiety: 4, trauma: 2, psychosis: 1, mania: 1, eating: 1 },
    settings: [
      'Home visit, baby asleep',
      'Seen at the antenatal clinic',
      'Telephone review',
      'Joint visit with the health visitor',
    ],
    remarks: [
      'Baby is {six|ten|fourteen} weeks old and feeding well',
      '{24|31} weeks pregnant',
      'Warm and responsive with the baby',
      'Intrusive thoughts about harm coming to the baby, distressed by them',
      'Discussed medication and breastfeeding',
      'Midwife copied in with consent',
    ],
  },
  {
    name: 'eating disorders',
    ages: [14, 45],
    share: 9,
    problems: { eating: 8, anxiety: 1, depression: 2, selfHarm: 1 },
    settings: [
      'Clinic appointment',
      'Dietetic review',
      'Family session',
      'Physical monitoring clinic',
    ],
    remarks: [
      'Weight {up 0.4|down 0.6|unchanged at 46.2} kg',
      'Day programme discussed',
      'Food diary brought',
      'Next step CBT-E',
      'Medical ward criteria explained',
    ],
  },
  {
    name: 'community mental health',
    ages: [18, 66],
    share: 15,
    problems: {
      depression: 4,
      psychosis: 4,
      anxiety: 3,
      mania: 3,
      trauma: 3,
      selfHarm: 2,
      neurodevelopment: 2,
      substance: 1,
    },
    settings: ['Outpatient review', 'Home visit', 'Care programme review', 'Telephone contact'],
    remarks: [
      'Care plan updated',
      'Depot clinic attended',
      'Benefits form completed together',
      'Supported housing application sent',
      'Discharge to GP considered',
      'Care co-ordinator to change next month',
    ],
  },
  {
    name: 'liaison psychiatry',
    ages: [16, 90],
    share: 8,
    problems: { selfHarm: 5, substance: 2, depression: 2, cognitive: 2, anxiety: 1, psychosis: 1 },
    settings: [
      'Seen in A&E',
      'Seen on {the medical ward|ward 6|the orthopaedic ward}',
      'Assessment once medically fit',
    ],
    remarks: [
      'Medically fit since {this morning|02:00}',
      'Ward staff advised about observation levels',
      'Blood results awaited',
      'Capacity to refuse treatment assessed',
      'Referred by the medical registrar',
    ],
  },
  {
    name: 'drug and alcohol',
    ages: [18, 68],
    share: 8,
    problems: { substance: 8, depression: 1, anxiety: 1, trauma: 1 },
    settings: ['Key-work session', 'Prescribing review', 'Seen at the hostel', 'Telephone contact'],
    remarks: [
      'Breathalyser {0.00|0.21|0.48}',
      'Urine screen {positive for cocaine|opiates only|clear}',
      'Pick-up changed to {daily|three times a week}',
      'Probation officer aware',
      'Liver scan booked',
    ],
  },
];
