import { describe, expect, it } from "vitest";

import {
  FAR,
  type Reveal,
  type Sides,
  type Track,
  NOTHING,
  SMALLEST,
  WHOLE,
  addHide,
  addReveal,
  begin,
  changed,
  confirmAll,
  confirmKey,
  deleteKey,
  dropProposed,
  guideAt,
  hiddenAt,
  keyAt,
  mergeProposal,
  moved,
  pictureAt,
  proposedKeys,
  redone,
  reject,
  removeRange,
  resized,
  revealedAt,
  revealedStretches,
  setKey,
  setShape,
  standing,
  tidy,
  trackOf,
  undone,
  unreject,
} from "../src/mask-track";

const BOX: Sides = [100_000, 200_000, 300_000, 900_000];
const FIRST = { kind: "reveal", index: 0 } as const;

const key = (at_us: number, box: Sides = BOX, confirmed = true) => ({ at_us, box, confirmed });
const one = (keys: Reveal["keys"], rejected: Reveal["rejected"] = []): Track => ({
  reveal: [{ shape: "box", keys, rejected }],
  hide: [],
});
const first = (track: Track): Reveal => {
  if (!track.reveal[0]) throw new Error("no range");
  return track.reveal[0];
};
const times = (track: Track) => first(track).keys.map(({ at_us, confirmed }) => [at_us, confirmed]);

// As `RevealTrack.at` and `HideTrack.at` of lib/footage/masking/track.py give them, in millionths.
const REVEAL: Reveal = {
  shape: "box",
  keys: [
    key(0),
    key(1_000_003, [150_001, 200_000, 350_007, 899_999]),
    key(2_000_000, [1, 2, 500_000, 600_000], false),
    key(3_000_000, [0, 0, WHOLE, WHOLE]),
    key(3_500_000, [10, 20, 30, 40]),
  ],
  rejected: [[400_000, 500_000]],
};
const PYTHON_REVEALS: [number, Sides | null][] = [
  [-1, null],
  [0, [100_000, 200_000, 300_000, 900_000]],
  [1, [100_000.05000085, 200_000, 300_000.05000685, 899_999.999999]],
  [333_333, [116_666.9333322, 200_000, 316_668.9333242, 899_999.666668]],
  [399_999, [120_000.28999813, 200_000, 320_002.68998493, 899_999.6000022]],
  [400_000, null],
  [500_000, null],
  [500_001, [125_000.474999575, 200_000, 325_003.474996575, 899_999.5000005]],
  [1_000_002, [150_000.94999915, 200_000, 350_006.94999315, 899_999.000001]],
  [1_000_003, [150_001, 200_000, 350_007, 899_999]],
  [1_000_004, null],
  [1_999_999, null],
  [2_000_000, null],
  [2_500_000, null],
  [3_000_000, [0, 0, WHOLE, WHOLE]],
  [3_250_001, [5.00002, 10.00004, 500_013.00006, 500_018.00008]],
  [3_500_000, [10, 20, 30, 40]],
  [3_500_001, null],
];
const HIDE = {
  keys: [
    { at_us: 1_000_000, box: [0, 0, 100_000, WHOLE] as const },
    { at_us: 1_500_000, box: [200_000, 0, 300_000, WHOLE] as const },
  ],
};
const PYTHON_HIDES: [number, Sides | null][] = [
  [899_999, null],
  [900_000, [0, 0, 100_000, WHOLE]],
  [1_000_000, [0, 0, 100_000, WHOLE]],
  [1_100_001, [40_000.4, 0, 140_000.4, WHOLE]],
  [1_499_999, [199_999.6, 0, 299_999.6, WHOLE]],
  [1_500_000, [200_000, 0, 300_000, WHOLE]],
  [1_600_000, [200_000, 0, 300_000, WHOLE]],
  [1_600_001, null],
];

function expectSides(found: Sides | null, wanted: Sides | null): void {
  if (!wanted) expect(found).toBeNull();
  else wanted.forEach((side, place) => { expect(found?.[place]).toBeCloseTo(side, 4); });
}

describe("where a box is", () => {
  it.each(PYTHON_REVEALS)("reveals at %d what the server reveals", (at, wanted) => {
    expectSides(revealedAt(REVEAL, at), wanted);
  });

  it.each(PYTHON_HIDES)("hides at %d what the server hides", (at, wanted) => {
    expectSides(hiddenAt(HIDE, at), wanted);
  });

  it("holds a single box that hides for as long as the server does", () => {
    const single = { keys: HIDE.keys.slice(0, 1) };
    expect([899_999, 900_000, 1_100_000, 1_100_001].map((at) => hiddenAt(single, at) !== null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(hiddenAt({ keys: [] }, 0)).toBeNull();
  });

  it("draws a box to be taken up where nothing is revealed", () => {
    expect(guideAt(REVEAL.keys, 9_000_000)).toEqual([10, 20, 30, 40]);
    expect(guideAt(REVEAL.keys, -5)).toEqual(BOX);
    expectSides(guideAt(REVEAL.keys, 2_500_000), [0.5, 1, 750_000, 800_000]);
    expect(guideAt([], 0)).toBeNull();
  });

  it("tells what is proposed from what is revealed, rejected, or beside all keys", () => {
    const track = { reveal: [REVEAL], hide: [HIDE] };
    const at = (time: number) => standing(track, FIRST, time);
    expect([-1, 10, 450_000, 1_500_000, 2_000_000, 3_100_000, 3_600_000].map(at)).toEqual([
      "outside",
      "in_force",
      "rejected",
      "proposed",
      "proposed",
      "in_force",
      "outside",
    ]);
    expect(standing(track, { kind: "hide", index: 0 }, 950_000)).toBe("in_force");
    expect(standing(track, { kind: "hide", index: 0 }, 0)).toBe("outside");
    expect(standing(track, { kind: "reveal", index: 7 }, 0)).toBe("outside");
  });

  it("lists the stretches in which something is seen", () => {
    expect(revealedStretches(REVEAL)).toEqual([
      [0, 399_999],
      [500_001, 1_000_003],
      [3_000_000, 3_500_000],
    ]);
    expect(revealedStretches({ shape: "box", keys: [key(5)], rejected: [] })).toEqual([[5, 5]]);
    expect(revealedStretches({ shape: "box", keys: [key(5)], rejected: [[0, 9]] })).toEqual([]);
    // Whatever the server would reveal is in one of them, and nothing else.
    for (let at = -10_000; at < 3_600_000; at += 9_973)
      expect(revealedStretches(REVEAL).some(([from, to]) => from <= at && at <= to)).toBe(
        revealedAt(REVEAL, at) !== null,
      );
  });
});

describe("boxes", () => {
  it("stay in the picture when they are moved", () => {
    expect(moved(BOX, 10_000, -50_000)).toEqual([110_000, 150_000, 310_000, 850_000]);
    expect(moved(BOX, -900_000, 900_000)).toEqual([0, 300_000, 200_000, WHOLE]);
  });

  it("keep their edges in order when they are resized", () => {
    expect(resized(BOX, "e", 50_000, 999)).toEqual([100_000, 200_000, 350_000, 900_000]);
    expect(resized(BOX, "nw", -200_000, 10_000)).toEqual([0, 210_000, 300_000, 900_000]);
    expect(resized(BOX, "w", 900_000, 0)).toEqual([300_000 - SMALLEST, 200_000, 300_000, 900_000]);
    expect(resized(BOX, "s", 0, -2_000_000)).toEqual([100_000, 200_000, 300_000, 200_000 + SMALLEST]);
  });

  it("are whole, ordered and never without area", () => {
    expect(tidy([300_000.4, 900_000, 100_000, 200_000])).toEqual([100_000, 200_000, 300_000, 900_000]);
    expect(tidy([WHOLE, WHOLE, WHOLE, WHOLE])).toEqual([WHOLE - SMALLEST, WHOLE - SMALLEST, WHOLE, WHOLE]);
    expect(tidy([-5, -5, 2_000_000, 2_000_000])).toEqual([0, 0, WHOLE, WHOLE]);
  });
});

describe("changes", () => {
  it("set keys in the order of their times, confirmed, one for a time", () => {
    const track = setKey(setKey(one([key(5)]), FIRST, 2, BOX), FIRST, 9, BOX);
    expect(times(track)).toEqual([[2, true], [5, true], [9, true]]);
    const again = setKey(one([key(5, BOX, false)]), FIRST, 5, [0, 0, 50_000, 50_000]);
    expect(first(again).keys).toEqual([key(5, [0, 0, 50_000, 50_000])]);
  });

  it("leave the track as it was that they were made of", () => {
    const track = one([key(5)]);
    setKey(track, FIRST, 9, BOX);
    reject(track, 0, 1, 2);
    expect(track).toEqual(one([key(5)]));
  });

  it("take a range away with its last key", () => {
    const track = addHide(one([key(5), key(6)]), 3, BOX);
    expect(times(deleteKey(track, FIRST, 5))).toEqual([[6, true]]);
    expect(deleteKey(deleteKey(track, FIRST, 5), FIRST, 6).reveal).toEqual([]);
    expect(deleteKey(track, { kind: "hide", index: 0 }, 3).hide).toEqual([]);
    expect(removeRange(track, FIRST).hide).toHaveLength(1);
  });

  it("confirm one key, or all that is proposed, or drop it", () => {
    const track = one([key(1), key(2, BOX, false), key(3, BOX, false)]);
    expect(proposedKeys(track, 0).map(({ at_us }) => at_us)).toEqual([2, 3]);
    expect(times(confirmKey(track, 0, 2))).toEqual([[1, true], [2, true], [3, false]]);
    expect(proposedKeys(confirmAll(track, 0), 0)).toEqual([]);
    expect(times(dropProposed(track, 0))).toEqual([[1, true]]);
    expect(dropProposed(one([key(1, BOX, false)]), 0).reveal).toEqual([]);
  });

  it("take a proposal as unconfirmed, and write over nothing that a person confirmed", () => {
    const before = one([key(0), key(10), key(20, BOX, false), key(25, BOX, false), key(40)]);
    const proposed = [10, 15, 22, 40, 50].map((at_us) => ({ at_us, box: BOX }));
    const merged = mergeProposal(before, 0, 10, proposed);
    expect(times(merged)).toEqual([[0, true], [10, true], [15, false], [22, false], [40, true]]);
    // Until somebody confirms it nothing more is revealed than before.
    for (let at = 0; at <= 50; at++)
      expect(revealedAt(first(merged), at) !== null && revealedAt(first(before), at) === null).toBe(false);
  });

  it("reveal nothing between two confirmed keys once something between them is only proposed", () => {
    const merged = mergeProposal(one([key(0), key(40)]), 0, 0, [{ at_us: 20, box: BOX }]);
    expect([0, 10, 20, 30, 40].map((at) => revealedAt(first(merged), at) !== null)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it("reveal nothing on the way to a box that is far from all others", () => {
    const behind = setKey(one([key(0), key(500_000)]), FIRST, 5_000_000, BOX);
    expect(first(behind).rejected).toEqual([[500_001, 4_999_999]]);
    expect(revealedStretches(first(behind))).toEqual([[0, 500_000], [5_000_000, 5_000_000]]);
    expect(first(setKey(one([key(5_000_000)]), FIRST, 0, BOX)).rejected).toEqual([[1, 4_999_999]]);
    // Near ones, and those between two others, go in a straight line.
    expect(first(setKey(one([key(0)]), FIRST, FAR, BOX)).rejected).toEqual([]);
    expect(first(setKey(one([key(0), key(9_000_000)]), FIRST, 5_000_000, BOX)).rejected).toEqual([]);
    // Where nothing was revealed anyway there is nothing to be taken out but the same.
    expect(setKey({ reveal: [], hide: [{ keys: [key(0)] }] }, { kind: "hide", index: 0 }, 9_000_000, BOX).hide[0]?.keys).toHaveLength(2);
  });

  it("keep hidden what a proposal kept hidden, when it is dropped, taken out, or replaced by a shorter one", () => {
    const before = one([key(0), key(10, BOX, false), key(2_000_000)]);
    for (const after of [dropProposed(before, 0), deleteKey(before, FIRST, 10)]) {
      expect(times(after)).toEqual([[0, true], [2_000_000, true]]);
      expect(revealedStretches(first(after))).toEqual([[0, 0], [2_000_000, 2_000_000]]);
    }
    const shorter = confirmAll(mergeProposal(before, 0, 0, [{ at_us: 5, box: BOX }]), 0);
    expect(revealedStretches(first(shorter))).toEqual([[0, 5], [2_000_000, 2_000_000]]);
    expect(mergeProposal(before, 0, 0, [])).toBe(before);
  });

  it("reveal nothing by themselves, whatever was done before", () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 400; round++) {
      const keys = [...new Set(Array.from({ length: 1 + random(7) }, () => random(60) * 100_000))].sort((a, b) => a - b);
      const before = one(keys.map((at_us) => key(at_us, BOX, random(3) > 0)), random(2) ? [[1_000_000, 1_500_000]] : []);
      const at = random(60) * 100_000;
      const unconfirmed = keys.filter((at_us) => keyAt(before, FIRST, at_us)?.confirmed === false);
      const proposed = Array.from({ length: random(4) }, (_, place) => ({ at_us: at + place * 500_000, box: BOX }));
      const changes = [
        mergeProposal(before, 0, at, proposed),
        dropProposed(before, 0),
        reject(before, 0, at, random(60) * 100_000),
        ...unconfirmed.map((at_us) => deleteKey(before, FIRST, at_us)),
      ];
      const seen = (track: Track, time: number) => !!track.reveal[0] && revealedAt(track.reveal[0], time) !== null;
      const moments = Array.from({ length: 121 }, (_, place) => place * 50_000);
      const grown = changes.flatMap((after) => moments.filter((time) => seen(after, time) && !seen(before, time)));
      expect(grown).toEqual([]);
    }
  });

  it("reject stretches, which merge, and take them back", () => {
    const track = reject(reject(one([key(0), key(100)]), 0, 30, 20), 0, 50, 60);
    expect(first(track).rejected).toEqual([[20, 30], [50, 60]]);
    expect(first(reject(track, 0, 25, 55)).rejected).toEqual([[20, 60]]);
    expect(first(unreject(track, 0, 55)).rejected).toEqual([[20, 30]]);
    expect(revealedAt(first(track), 25)).toBeNull();
  });

  it("add ranges and change their shape", () => {
    const track = setShape(addReveal(NOTHING, 7, BOX), 0, "ellipse");
    expect(track.reveal).toEqual([{ shape: "ellipse", keys: [key(7)], rejected: [] }]);
    expect(keyAt(track, FIRST, 7)?.confirmed).toBe(true);
    expect(keyAt(track, FIRST, 8)).toBeUndefined();
  });

  it("read what the server sends, and send it back as it was", () => {
    const shown = {
      reveal: [{ shape: "ellipse", keys: [{ at_us: 0, box: [1, 2, 3, 4], confirmed: false }], rejected: [[1, 2]] }],
      hide: [{ keys: [{ at_us: 4, box: [5, 6, 7, 8] }] }],
    };
    expect(trackOf(shown)).toEqual(shown);
  });
});

describe("pictures", () => {
  it("are found by their time", () => {
    const pictures = [0, 66_667, 133_333];
    expect([-9, 0, 66_666, 66_667, 999_999].map((at) => pictureAt(pictures, at))).toEqual([0, 0, 0, 1, 2]);
    expect(pictureAt([], 5)).toBe(0);
  });
});

describe("undo", () => {
  const at = (time: number) => one([key(time)]);

  it("goes back and forth, and forgets what was undone once something else is done", () => {
    let history = changed(changed(begin(at(0)), at(1)), at(2));
    history = undone(undone(history));
    expect(history.now).toEqual(at(0));
    expect(undone(history)).toBe(history);
    history = redone(history);
    expect(history.now).toEqual(at(1));
    history = changed(history, at(9));
    expect(redone(history)).toBe(history);
    expect(undone(history).now).toEqual(at(1));
  });

  it("takes steps of one kind back together", () => {
    let history = begin(at(0));
    for (let step = 1; step < 9; step++) history = changed(history, at(step), "nudge 0");
    history = changed(history, at(50), "nudge 1");
    expect(undone(history).now).toEqual(at(8));
    expect(undone(undone(history)).now).toEqual(at(0));
    // After an undo the next one is a step of its own.
    expect(undone(changed(undone(history), at(7), "nudge 1")).now).toEqual(at(8));
  });

  it("is bounded, and a change that is none is no step", () => {
    let history = begin(at(0));
    for (let step = 1; step < 500; step++) history = changed(history, at(step));
    expect(history.past).toHaveLength(200);
    expect(changed(history, history.now)).toBe(history);
  });
});
