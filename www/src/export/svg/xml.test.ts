import { expect, test } from 'vitest';
import { escaped, short, tag } from './xml';

test('an empty element closes itself', () => {
  expect(tag('rect', { x: 1, y: 2.5 })).toBe('<rect x="1" y="2.5"/>');
  expect(tag('g', {}, '<a/>')).toBe('<g><a/></g>');
});

test('an attribute that is null is omitted', () => {
  expect(tag('rect', { x: null, y: undefined, rx: 0, id: '' })).toBe('<rect rx="0" id=""/>');
});

test('XML’s special characters are escaped in attributes and in text', () => {
  expect(escaped('<a & "b">')).toBe('&lt;a &amp; &quot;b&quot;&gt;');
  expect(tag('text', { id: '"><script>' }, escaped('a < b'))).toBe(
    '<text id="&quot;&gt;&lt;script&gt;">a &lt; b</text>',
  );
});

test('a character that XML does not allow becomes the replacement character', () => {
  expect(escaped('a\u0000b\u001bc')).toBe('a\ufffdb\ufffdc');
  expect(escaped('a\ud83eb')).toBe('a\ufffdb');
  expect(escaped('a\uffff')).toBe('a\ufffd');
  expect(escaped('\t\n\r 🦊 שלום')).toBe('\t\n\r 🦊 שלום');
});

test('numbers are rounded to a thousandth', () => {
  expect(short(1 / 3)).toBe('0.333');
  expect(short(2.0004)).toBe('2');
  expect(short(-0.0015)).toBe('-0.001');
  expect(tag('line', { x1: 0.1 + 0.2 })).toBe('<line x1="0.3"/>');
});
