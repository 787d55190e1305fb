import { ASKING_SCRIPT } from './asking-script';

const REDIRECT_MS = 2_500;

/** Pays once, however often the button is pressed; shows the prices of another country or with a code before anything is paid. */
export const CHECKOUT_SCRIPT = `${ASKING_SCRIPT}
const form = $('checkout');
const path = '/_checkout/' + encodeURIComponent(form.dataset.transaction);
const typed = (id) => $(id)?.value.trim() ?? '';

function buyer() {
  if (!$('email')) return {};
  return { email: typed('email'), name: typed('name'), country: typed('country'), postalCode: typed('postal') };
}

async function whileBusy(work) {
  const buttons = form.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  $('message').textContent = '';
  try {
    await work();
  } catch (error) {
    $('message').textContent = error.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

const reprice = () => whileBusy(async () => {
  const { summary, pay } = await ask(path + '/preview', { country: typed('country'), code: typed('code') });
  $('summary').innerHTML = summary;
  $('pay').textContent = pay;
});

function show(result) {
  if (!result.paid) throw new Error(result.message);
  document.querySelector('.columns').hidden = true;
  $('outcome').textContent = result.message;
  $('done').hidden = false;
  const onward = $('onward');
  if (onward) setTimeout(() => location.assign(onward.href), ${REDIRECT_MS});
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if ($('pay').disabled) return;
  whileBusy(async () => {
    const card = form.querySelector('[name=card]:checked').value;
    show(await ask(path, { ...buyer(), code: typed('code'), card }));
  });
});
$('country')?.addEventListener('change', reprice);
$('apply')?.addEventListener('click', reprice);
$('cancel').addEventListener('click', () => {
  document.querySelector('.columns').hidden = true;
  $('left').hidden = false;
});
$('back').addEventListener('click', () => location.reload());
`;
