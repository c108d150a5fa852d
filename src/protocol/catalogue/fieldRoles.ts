/** The roles of a corpus's fields, in the order in which a mapping is written. */

export interface FieldRoleEntry {
  readonly label: string;
  /** Shown to the user who confirms the guess. */
  readonly sentence: string;
  /** Help text of the command line's `--ROLE-field`. */
  readonly help: string;
  /** Order for guessing: an ambiguous field name goes to the role with the lower number. */
  readonly turn: number;
  /**
   * What its values are, by which a guess is checked: prose; different in nearly every note; whom notes
   * are about; classes, which repeat; points in time; the names of the parts of a split.
   */
  readonly values: 'prose' | 'unique' | 'person' | 'class' | 'time' | 'part';
  /** Usual field names, likeliest first, in lower case without spaces, dashes or underscores. */
  readonly usualNames: readonly string[];
}

const words = (list: string): readonly string[] => list.split(' ');

export const fieldRoles = {
  text: {
    label: 'Text',
    sentence: 'What the note says',
    help: "field that holds the note's text; given several times, the fields are joined under their names",
    turn: 1,
    values: 'prose',
    usualNames: words(
      'text notetext note clinicalnote clinicaltext notes narrative freetext body content transcription ' +
        'reporttext report incidentdescription eventdescription description whathappened details comment ' +
        'comments progressnote dischargesummary document letter message summary',
    ),
  },
  id: {
    label: 'ID',
    sentence: 'Names the note',
    help: 'field that names a note',
    turn: 2,
    values: 'unique',
    usualNames: words(
      'id noteid documentid docid rowid recordid reportid incidentid eventid reference incidentnumber uid uuid guid key',
    ),
  },
  category: {
    label: 'Category',
    sentence: 'Kind of note: colours the map',
    help: 'field with the category',
    turn: 6,
    values: 'class',
    usualNames: words(
      'category notecategory notetype documenttype doctype incidentcategory eventtype incidenttype ' +
        'referralteam team specialty speciality service department type class section',
    ),
  },
  label: {
    label: 'Label',
    sentence: 'An outcome to predict',
    help: 'field with a label to predict',
    turn: 7,
    values: 'class',
    usualNames: words(
      'label labels target triagelabel triage triagecategory degreeofharm harm severity acuity outcome ' +
        'diagnosis sentiment y',
    ),
  },
  group: {
    label: 'Patient',
    sentence: "All of a patient's notes stay together in training or in testing",
    help: 'field with the patient, kept together in a split',
    turn: 3,
    values: 'person',
    usualNames: words(
      'group groupid patientid subjectid patient subject personid clientid patientno patientnumber ' +
        'hospitalnumber hospno mrn nhsnumber nhsno rionumber brcid pseudoid empi',
    ),
  },
  date: {
    label: 'Date',
    sentence: 'When it was written',
    help: 'field with the date',
    turn: 5,
    values: 'time',
    usualNames: words(
      'date notedate documentdate chartdate charttime incidentdate eventdate reportdate entrydate ' +
        'admissiondate dischargedate contactdate createddate createdat recordedat datetime timestamp time',
    ),
  },
  split: {
    label: 'Split',
    sentence: 'Which notes are for training and which for testing',
    help: 'field with train or test',
    turn: 4,
    values: 'part',
    usualNames: words('split subset partition datasetsplit'),
  },
} as const satisfies Readonly<Record<string, FieldRoleEntry>>;

export type FieldRole = keyof typeof fieldRoles;
export const fieldRoleNames = Object.keys(fieldRoles) as FieldRole[];

/** The field of each role; `null` if the corpus has none. */
export type FieldMapping = Readonly<Record<FieldRole, string | null>>;

/** Roles of a field that a model can learn to predict. */
export const targetFields = ['category', 'label'] as const satisfies readonly FieldRole[];
export type TargetField = (typeof targetFields)[number];

export function isTargetRole(name: string): name is TargetField {
  return targetFields.some((role) => role === name);
}

/** For a corpus without patients. */
export const withoutPatients =
  'No note says whose it is, so notes of one patient may be used for training and for testing: name the column of the patient, if there is one.';
