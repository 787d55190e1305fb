import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isPlainText } from './plain-text';

/** Of a property of a body, or of each in a list: a text that can be stored and logged as it is, and says something. */
export function IsPlainText(maxLength: number, options: ValidationOptions = {}): PropertyDecorator {
  const said = `must be a text of 1 to ${maxLength} characters, none of them a control character`;
  return ValidateBy(
    {
      name: 'isPlainText',
      validator: {
        validate: (value: unknown) => isPlainText(value, maxLength) && value.trim() !== '',
        defaultMessage: () => (options.each ? `each in $property ${said}` : `$property ${said}`),
      },
    },
    options,
  );
}
