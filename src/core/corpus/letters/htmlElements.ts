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
/** Their content is no text of the page. */
export const silentElements = new Set('head script style template noscript title'.split(' '));

const otherElements = new Set(
  (
    'a abbr acronym area audio b base basefont bdi bdo bgsound big blink br button canvas cite code col ' +
    'colgroup data datalist del dfn dir em embed font frame frameset i iframe img input ins kbd label ' +
    'link map mark marquee menu meta meter nobr noframes object output param path picture progress q ' +
    'rp rt ruby s samp select slot small source span strike strong sub sup svg table td textarea th ' +
    'time tr track tt u var video wbr xml'
  ).split(' '),
);

/** Whether a name is an element's; those of Office, such as `o:p`, have a prefix. */
export function isElement(name: string): boolean {
  return (
    name.includes(':') ||
    [gapElements, blockElements, silentElements, otherElements].some((names) => names.has(name))
  );
}
