import { ValidateBy } from 'class-validator';
import { isPlainText } from './plain-text';

/** Of a property of a body: a text that can be stored and logged as it is, and says something. */
export function IsPlainText(maxLength: number): PropertyDecorator {
  return ValidateBy({
    name: 'isPlainText',
    validator: {
      validate: (value: unknown) => isPlainText(value, maxLength) && value.trim() !== '',
      defaultMessage: () => `$property must be a text of 1 to ${maxLength} characters, none of them a control character`,
    },
  });
}
