import { ASKING_SCRIPT } from './asking-script';

/** The buttons call `/_control`, show the answer as it is, and fetch the part of the page anew that shows the world. */
export const HOME_SCRIPT = `${ASKING_SCRIPT}
const userId = () => $('user').value.trim();

async function refresh() {
  const text = await (await fetch('/')).text();
  const now = new DOMParser().parseFromString(text, 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) part.replaceWith(now.getElementById(part.id));
}

async function whileBusy(button, work) {
  button.disabled = true;
  $('told').hidden = false;
  $('answer').textContent = '…';
  try {
    await work();
  } catch (error) {
    $('answer').textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

async function act({ do: path, body, user }) {
  const asked = user === undefined ? JSON.parse(body ?? '{}') : userId() ? { userId: userId() } : {};
  const answer = await ask(path, asked);
  await refresh();
  $('answer').textContent = 'POST ' + path + ' ' + JSON.stringify(asked) + '\\n\\n' + JSON.stringify(answer, null, 2);
}

async function buy(priceId) {
  const quantity = Number(document.querySelector('[data-quantity="' + priceId + '"]').value);
  const { url, transactionId } = await ask('/_checkout', { priceId, quantity, ...(userId() && { userId: userId() }) });
  location.assign(url ?? '/checkout?_ptxn=' + transactionId);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.dataset.do) whileBusy(button, () => act(button.dataset));
  if (button?.dataset.buy) whileBusy(button, () => buy(button.dataset.buy));
});
`;
