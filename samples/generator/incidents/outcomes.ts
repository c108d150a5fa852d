/** How an incident of each category ended, by degree of harm; alike on purpose at the edges. */
type Degree = 'no harm' | 'low' | 'moderate' | 'severe' | 'death';

const unharmed: readonly string[] = [
  'No harm came to the patient',
  'Noticed in time',
  'Patient unaware',
  'Reviewed by the doctor, nothing further needed',
  'Observations unchanged',
  '',
];
const died: readonly string[] = [
  'Sadly died {later that day|two days afterwards}, coroner informed',
  'Resuscitation was not successful',
  'Passed away; cause to be established',
  'Died in intensive care, serious incident declared',
];

export const outcomes: Readonly<Record<string, Readonly<Record<Degree, readonly string[]>>>> = {
  fall: {
    'no harm': ['No injury seen', 'Moving all limbs, no pain', ...unharmed],
    low: [
      '{Small skin tear|Bruise|Graze} to the {elbow|forehead|knee} dressed',
      'Sore {hip|shoulder}, X-ray clear, paracetamol given',
      'Shaken, extra observations for twelve hours',
    ],
    moderate: [
      '{Wrist|Rib|Collar bone} fracture on X-ray',
      'Scalp wound needed {four|six} stitches',
      'Stay lengthened by {three|five} days because confidence lost',
    ],
    severe: [
      'Fractured hip, for theatre',
      'Subdural on CT, transferred to neurosurgery',
      'GCS fell to {9|11}, large bleed',
    ],
    death: died,
  },
  medication: {
    'no harm': ['Level normal', 'Not taken', ...unharmed],
    low: [
      'Felt sick and dizzy, settled',
      'Extra blood sugars for {six|twelve} hours',
      'Drowsy for an hour, observed',
      'Rash needed {antihistamine|cream}',
    ],
    moderate: [
      'Naloxone given with good effect, monitored for a day',
      'Moved to high dependency overnight',
      'Acute kidney injury, fluids for {two|four} days',
      'Bleed needed {one unit|vitamin K and two units}',
    ],
    severe: [
      'Respiratory arrest, intubated and taken to intensive care',
      'Anaphylaxis, on adrenaline infusion',
      'Hypoglycaemic seizure, brain injury likely',
    ],
    death: died,
  },
  'pressure ulcer': {
    'no harm': ['Blanching redness only when checked again', ...unharmed],
    low: [
      'Skin broken, {foam|film} dressing',
      'Sore, healing within the week',
      'Discomfort only on sitting',
    ],
    moderate: [
      'Needs district nurse dressings three times a week',
      'Swab grew staphylococcus, course of antibiotics',
      'Cannot sit out, rehabilitation delayed',
    ],
    severe: [
      'Bone exposed, osteomyelitis on MRI',
      'Surgical debridement under anaesthetic',
      'Sepsis from the wound, taken to intensive care',
    ],
    death: died,
  },
  'communication and handover': {
    'no harm': ['Put right the same day', 'Family understanding once explained', ...unharmed],
    low: ['Upset but no lasting effect', 'One extra night in hospital', 'Repeat blood test needed'],
    moderate: [
      'Readmitted with {high sugars|pain}',
      'Treatment started {two|four} days late, stay lengthened',
      'Cardiac monitoring and treatment for potassium overnight',
    ],
    severe: [
      'Cardiac arrest, resuscitated',
      'Resuscitated against recorded wishes, now ventilated',
      'Cancer had spread by the time seen',
    ],
    death: died,
  },
  equipment: {
    'no harm': [
      'Manual ventilation until replaced, no change',
      'Replacement found at once',
      ...unharmed,
    ],
    low: [
      'Saturations fell to 86% briefly',
      'Procedure longer than planned',
      'Small burn from the pad, cream applied',
      'Blood pressure dipped, recovered with fluids',
    ],
    moderate: [
      'Second procedure to remove the piece',
      'Moved to high dependency overnight',
      'Finger fracture from the hoist',
    ],
    severe: [
      'Cardiac arrest when the infusion stopped, resuscitated',
      'Fragment could not be recovered, open surgery',
      'Hypoxic for several minutes, seizures since',
    ],
    death: died,
  },
  'violence and aggression': {
    'no harm': [
      'Nobody hurt',
      'Calm after tea and a walk',
      'Returned to the ward with persuasion',
      '',
    ],
    low: [
      'Scratch to the arm, cleaned',
      'Staff member shaken, went home early',
      'Bruised cheek, ice applied',
      'Red mark only',
    ],
    moderate: [
      'Broken nose, seen in the department',
      'Wrist fracture on X-ray',
      'Off work for two weeks',
      'Bite needed antibiotics and blood tests',
    ],
    severe: [
      'Head injury with a bleed on CT',
      'Lost sight in one eye',
      'Fractured hip when pushed',
    ],
    death: died,
  },
  'documentation and identification': {
    'no harm': ['Corrected before anything was given', 'Near miss', ...unharmed],
    low: [
      'Blood test repeated',
      'Procedure delayed by {two|three} hours',
      'Patient anxious and apologised to',
    ],
    moderate: [
      'Wrong patient had the scan with contrast, observed overnight',
      'Operation put off for a week',
      'Needed a second procedure',
    ],
    severe: [
      'Wrong side block, surgery abandoned, nerve injury',
      'Transfusion reaction, intensive care',
      'Kidney failure missed, now on dialysis',
    ],
    death: died,
  },
  'infection control': {
    'no harm': ['Contacts well after 48 hours', 'Bloods negative', ...unharmed],
    low: [
      'Site sore, settled in two days',
      'Mild diarrhoea in one contact',
      'Staff member anxious, baseline bloods taken',
    ],
    moderate: [
      'Bacteraemia, two weeks of intravenous antibiotics',
      'Three further cases, bay closed',
      'Stay lengthened by {four|six} days',
    ],
    severe: [
      'Endocarditis, transferred for valve surgery',
      'Toxic megacolon, colectomy',
      'Septic shock, taken to intensive care',
    ],
    death: died,
  },
  'delay in treatment': {
    'no harm': ['Seen safely in the end', 'Scan normal', ...unharmed],
    low: [
      'Pain for longer than necessary',
      'Upset and hungry after fasting all day',
      'Extra fluids, then back to usual',
    ],
    moderate: [
      'Perforated by the time of surgery',
      'High dependency for two days',
      'Stay lengthened by {three|five} days',
      'Needed a course of antibiotics and drain',
    ],
    severe: [
      'Septic shock, intubated and taken to intensive care',
      'Lasting weakness expected, outside the time for thrombolysis',
      'Amputation of the {toe|foot} needed',
      'Large infarct, heart function poor',
    ],
    death: died,
  },
  staffing: {
    'no harm': [
      'All safe at the end of the shift',
      'No incident resulted',
      'Priority given to the sickest',
      '',
    ],
    low: [
      'Pain relief late for {two|four} patients',
      'Complaint from a family about washing',
      'Staff exhausted and tearful',
    ],
    moderate: [
      'Deterioration noticed late, patient moved to high dependency',
      'Skin damage in one patient, dressings needed',
      'Staff member collapsed, off sick',
    ],
    severe: [
      'Arrest found late, resuscitated, now ventilated',
      'Emergency caesarean delayed, baby to intensive care',
    ],
    death: died,
  },
};
