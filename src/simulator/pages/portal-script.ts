import { ASKING_SCRIPT } from './asking-script';

export const PORTAL_SCRIPT = `${ASKING_SCRIPT}
const button = $('act');
button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const { url } = await ask(button.dataset.path, {});
    $('message').textContent = button.dataset.done;
    $('message').className = 'message good';
    $('text').hidden = true;
    button.hidden = true;
    if (url) location.assign(url);
  } catch (error) {
    $('message').textContent = error.message;
    $('message').className = 'message bad';
    button.disabled = false;
  }
});
`;
