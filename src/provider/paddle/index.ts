export { readEnvelope, type PaddleEnvelope } from './envelope';
export { signatureHeader, verifySignature, type SignatureCheck, type SignatureResult } from './signature';
export { EVENT_TYPES, translate, type PaddleEvent } from './translate';
