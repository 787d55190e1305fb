import type { Transaction } from '../world/money-entities';

/** A one-page PDF of an invoice: text in a standard font, which needs no library and no font file. */
export function invoicePdf(transaction: Transaction): Buffer {
  const { details, currency_code: currency, invoice_number: number, billed_at: billedAt } = transaction;
  const lines = [
    `Invoice ${number}`,
    `Transaction ${transaction.id}`,
    `Billed ${billedAt ?? ''}`,
    '',
    ...details.line_items.map(({ product, quantity, totals }) => `${quantity} x ${product.name}: ${totals.total} ${currency}`),
    '',
    `Tax ${details.totals.tax} ${currency}`,
    `Total ${details.totals.total} ${currency} (in the lowest unit of the currency)`,
    '',
    'This is a simulated invoice. Nothing was sold.',
  ];
  const text = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
  const stream = `BT /F1 12 Tf 18 TL 60 780 Td\n${text}\nET`;
  return document([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
  ]);
}

function document(objects: string[]): Buffer {
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

/** Characters that the font does not have become question marks. */
function escaped(text: string): string {
  return text.replaceAll(/[\\()]/g, '\\$&').replaceAll(/[^\x20-\x7e]/g, '?');
}
