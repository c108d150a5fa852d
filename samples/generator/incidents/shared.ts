/** What any report may say. */
export const places: readonly string[] = [
  'Ward {2|4|7|11}',
  'AMU',
  'Emergency department',
  'Care of the elderly ward',
  'Surgical admissions',
  'Theatre {1|3}',
  'Maternity',
  "Children's ward",
  'Mental health unit',
  'Outpatients',
  "Patient's own home",
  'Discharge lounge',
  'ITU',
  'Stroke unit',
];

export const openings: readonly string[] = [
  '$place. ',
  '',
  '',
  '{07:15|11:40|16:05|19:30|02:50}, $place. ',
  '$age year old $man. ',
  '$age$sexLetter, {day 2|day 5|awaiting discharge}. ',
  'Reported by {staff nurse|junior doctor|pharmacist|ward manager}: ',
];

export const factors: readonly string[] = [
  'Ward {very busy|short of one nurse|on red alert for beds} at the time',
  'Shift handover was going on',
  'Patient {is known to be unsteady|has dementia|speaks little English|is an outlier from another specialty}',
  'Similar incident {last month|in March}',
  'Policy says {two staff|a second check|a daily check}',
  'Relative was present and saw it',
  'Staff member was covering two bays',
  'Electronic system was down for an hour',
  'Equipment had been moved for cleaning',
  'Bed {was next to the exit|could not be seen from the desk}',
];

export const followUps: readonly string[] = [
  'Duty of candour {started|completed}',
  'Family informed',
  'Relatives spoken to by the nurse in charge',
  'Nurse in charge and doctor informed',
  'Learning shared at safety huddle',
  'Statement requested',
  'Care plan updated',
  'For discussion at governance meeting',
  'Root cause review to follow',
  'Patient told what happened',
  '',
];
