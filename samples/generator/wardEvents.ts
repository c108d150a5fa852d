/** What happens on any ward, whatever the illness; it says little about the kind of note. */
export const wardEvents: readonly string[] = [
  '{Eating and drinking well|Ate half of {breakfast|lunch}|Appetite poor, supplements offered|Managed soup and a yoghurt}',
  '{Mobilising independently|Walked to the bathroom with one|Transfers with two and a frame|Mostly in bed today}',
  'Bowels {opened type 4|not open for three days, laxatives given|open, nil of concern}',
  'Passing urine {well|in bottles|without difficulty}[, fluid balance up to date]',
  'Cannula {patent, VIP 0|removed, site pink|resited in the {left|right} hand}',
  'Skin {intact|checked, sacrum pink but blanching|intact, heels floated}',
  'Pain {well controlled|3/10 with regular paracetamol|worse on moving, oramorph with good effect}',
  '{Slept well|Poor night because of the noise in the bay|Slept in short spells}',
  'Nausea this morning, {cyclizine|ondansetron} given',
  'Blood sugar {5.8|8.4|11.2} before lunch',
  'Physiotherapy {seen|to see}, {steps practised|for stairs tomorrow}',
  'Occupational therapy: {access visit needed|kitchen assessment completed}',
  'Feels {better than yesterday|tired|well in $himself|fed up with being in hospital}',
  'Complains of {a sore throat|constipation|itching|headache}, {simple measures|paracetamol given}',
  'Moved to {a side room|bay 3|the discharge lounge}',
  'Pharmacist has {checked the chart|queried the dose, amended|explained the new tablets}',
  'Missed {breakfast|a dose} while {at scan|off the ward}',
  'VTE assessment {done|repeated}, {dalteparin given|stockings on}',
  'Needed {a hoist|prompting with washing|help with meals|an interpreter, family helped meanwhile}',
  'Wandered to the day room, {returned with the healthcare assistant|enjoyed the garden}',
  'Dropped blood pressure on standing ({118/70|104/62} to {96/58|88/50})',
  '{Potassium|Magnesium|Phosphate} low, replaced',
  'Found {a small skin tear|bruising} over the {left|right} forearm, {photographed|cream applied}',
  'Dietician: {high protein menu|food chart for three days}',
];

export const nightEvents: readonly string[] = [
  'Settled night, {slept between rounds|no complaints}',
  'Awake until {two|three} am, {tea given|chatted}',
  'Called out several times, reassured',
  'Bell answered for the commode x{2|3}',
  'Asked for the light on; anxious about {tomorrow|the operation|the cat at home}',
];

export const conversations: readonly string[] = [
  '$Relative $is worried about how $he will manage at home',
  'Spoke to $relative by telephone, updated',
  '$Relative visited, questions answered',
  'Keen to go home, {$relative can collect|no key worker yet|awaiting transport}',
  'Understands the plan and agrees',
  'Asked about {driving|going back to work|flying next month}, advised',
  'Escalation discussed: {for full treatment|ward-based care|not for resuscitation, form signed}',
  'Upset by the {news|wait}, time given to talk',
  '$Relative $says $he is not $his usual self',
  'Declined {the blood test|physiotherapy|the wash} today, will try later',
];

export const planExtras: readonly string[] = [
  'repeat bloods {tomorrow|in the morning|in 48 hours}',
  'chase {scan|microbiology|echo} report',
  'continue current treatment',
  'encourage oral intake',
  'mobilise with physiotherapy',
  'VTE prophylaxis',
  'observations {four|six} hourly, escalate if NEWS 5 or more',
  'bowel chart',
  'aim home {tomorrow|at the weekend|when therapy happy}',
  'discuss with {$relative|the consultant|the medical registrar}',
  'strict fluid balance',
  'remove cannula if not needed',
  'ECG if further symptoms',
  'social worker referral',
  'analgesia as charted',
  'senior review if no better',
  'GP to recheck in two weeks',
  'refer to {dietician|speech and language therapy|the frailty team}',
];

/** Where a patient went first, by triage category 1 to 5. */
export const dispositions: readonly (readonly string[])[] = [
  [
    'Pre-alert, straight to resus, {team waiting|consultant present}',
    'Resus bay, {airway supported|two lines in}, critical care called',
    'Seen on arrival by the whole team',
  ],
  [
    'Moved to majors at once, monitored',
    'Seen within {ten|fifteen} minutes by the registrar',
    'Taken through to a monitored bay',
    'Bloods and ECG at the door',
  ],
  [
    'Waited {forty minutes|an hour} in majors chairs',
    'Seen in majors, cubicle {4|9|12}',
    'Analgesia at triage, then cubicle',
  ],
  [
    'Waited {two|three} hours, seen in {minors|ambulatory care}',
    'Walked in, sat in the waiting room',
    'Seen by the nurse practitioner',
  ],
  [
    'Streamed to {the GP|minors}',
    'Waiting room, comfortable, reading',
    'Could have seen the GP, appointment not available',
  ],
];
