export { readEnvelope, type PaddleEnvelope } from './envelope';
export { signatureHeader, verifySignature, type SignatureCheck, type SignatureResult } from './signature';
export { translate, type PaddleEvent } from './translate';
