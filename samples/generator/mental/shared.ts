/** What any team writes. */
export const contacts: readonly string[] = [
  'Did not attend, {text sent|second missed appointment|called twice with no answer}',
  'Telephone call from $relative, who $is worried',
  'Discussed in the team meeting',
  'Letter from the GP {received|requesting review|about repeat prescriptions}',
  'Brief contact at the door, did not want to come out',
  'Arrived {early|twenty minutes late} {with $his $relative|alone}',
  'Interpreter booked by telephone',
  'Unannounced visit as agreed in the plan',
];

export const social: readonly string[] = [
  '{Rent arrears|Benefits stopped|Debt letters} adding to stress',
  'Contact with $his $relative {has improved|is strained}',
  '{The dog|A cat|Church|The allotment|Gaming} is a comfort',
  'Sleeping {four|five|seven} hours',
  'Eating {regularly|little|takeaways mostly}',
  'Smokes cannabis {at weekends|daily|no longer}',
  'Alcohol: {none|a few cans at weekends|half a bottle of wine most nights}',
  'Back at {work|college|school} {part time|next week}',
  'Neighbour plays loud music',
  'Housing officer to inspect the damp',
  'Anniversary of a loss next week',
];

export const history: readonly string[] = [
  'Known to CAMHS as a teenager',
  'Previous admission {2016|2019} under section {2|3}',
  'Seen by the crisis team {last winter|twice this year}',
  'Under the eating disorder service in the past',
  'Postnatal depression in $his mother',
  'Grandparent had dementia',
  'Assessed by liaison in A&E last month',
  'No previous contact with services',
  'Alcohol was a problem in $his twenties',
  'Early intervention considered, criteria not met',
  'Physical health: {asthma|hypothyroidism|type 2 diabetes|migraine|nil}',
];

export const actions: readonly string[] = [
  'next appointment in {one week|two weeks|three weeks}',
  'call {tomorrow|on Friday} to check',
  'GP to be updated by letter',
  'crisis line number given',
  'refer to {crisis team|talking therapies|early intervention|drug and alcohol service|the eating disorder clinic|social prescribing}',
  'discuss at MDT on {Tuesday|Thursday}',
  'copy of care plan to $relative with consent',
  'blood tests and ECG',
  'consent to share recorded',
  'risk assessment updated',
  'no change to plan',
  'safeguarding advice taken, threshold not met',
];
