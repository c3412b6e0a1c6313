import type protobuf from 'protobufjs';

/** A field of a message by its number and type, there once or not at all. */
export const one = (id: number, type: string): protobuf.IField => ({ id, type });

/** One that is there any number of times. */
export const many = (id: number, type: string): protobuf.IField => ({ id, type, rule: 'repeated' });
