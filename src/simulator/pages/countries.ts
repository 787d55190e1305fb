/** Where buyers come from, in the order of the English names: those with a tax rate of their own, and others. */
const CODES = (
  'AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP KE KR LT LU LV MA MT MX MY NG NL NO NZ ' +
  'PE PH PK PL PT RO RS SE SG SI SK TH TR TW UA US UY VN ZA'
).split(' ');

export interface Country {
  code: string;
  name: string;
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' });

/** @param used offered too, when it is not on the list */
export function countries(used: string): Country[] {
  return [...new Set([...CODES, used])]
    .map((code) => ({ code, name: NAMES.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
