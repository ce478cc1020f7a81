// Each fault turns at least one knob of the shop, and `none` turns none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULTS, faultNames, isFault } from '../../../demo/faults.ts';
import { settingsFor } from '../../../demo/shop-settings.ts';

describe('shop settings', () => {
  for (const fault of faultNames.filter((name) => name !== 'none'))
    test(`${fault} differs from the healthy shop and from every other fault`, () => {
      for (const other of faultNames.filter((name) => name !== fault))
        assert.notDeepEqual(settingsFor(fault), settingsFor(other), other);
    });

  test('every fault says what it is', () => {
    for (const fault of faultNames) assert.ok(FAULTS[fault].length > 10, fault);
  });

  test('an unknown name is no fault, not even one that every object has', () => {
    assert.deepEqual(['none', 'toString', '', undefined, 3].map(isFault), [true, false, false, false, false]);
  });
});
