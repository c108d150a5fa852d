/** Elements of HTML by how they lay text out. */

/** An empty line before and after. */
export const gapElements = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre hr figure'.split(' '),
);
/** A line of their own. */
export const blockElements = new Set(
  (
    'address article aside body caption center dd details dialog div dt fieldset figcaption footer ' +
    'form header html legend li main nav optgroup option section summary tbody tfoot thead'
  ).split(' '),
);
/** Their content is no text of the page. What else a head holds has none. */
export const silentElements = new Set('script style title'.split(' '));
/** Their content is not shown. */
export const unseenElements = new Set('template noscript'.split(' '));

const otherElements = new Set(
  (
    'a abbr acronym area audio b base basefont bdi bdo bgsound big blink br button canvas cite code col ' +
    'colgroup data datalist del dfn dir em embed font frame frameset head i iframe img input ins kbd label ' +
    'link map mark marquee menu meta meter nobr noframes object output param path picture progress q ' +
    'rp rt ruby s samp select slot small source span strike strong sub sup svg table td textarea th ' +
    'time tr track tt u var video wbr xml'
  ).split(' '),
);

/** Elements of Office, such as `o:p` and `st1:place`; `<DATE:2020>` is text. */
const ofOffice = /^(o|w|v|m|x|u\d*|st\d+|ns\d+|svg|xml|\?xml):/;
const all = [gapElements, blockElements, silentElements, unseenElements, otherElements];

/** Whether a name is an element's. */
export function isElement(name: string): boolean {
  return ofOffice.test(name) || all.some((names) => names.has(name));
}
