;; Points of a PointCloud2 taken apart, and put together. Addresses and lengths are bytes. The source of
;; split-points-wasm.ts: `node scripts/build-wasm.mjs` writes that, and a test holds the two together.
;; Stores reach beyond what they mean (16 bytes for a position's 12, 4 for a colour's 3): what follows overwrites it, and
;; the caller leaves room behind the last. Nothing is called inside the loops: V8 does not inline it.
(module
  (memory (export "memory") 6)

  ;; `count` points, `step` bytes apart, x y z at `src`. Those that are finite go to `pos`, 12 bytes each, and the word that
  ;; lies `word` bytes after their x to `rest`: 4 bytes each. Returns how many they were.
  (func (export "split")
    (param $src i32) (param $count i32) (param $step i32) (param $word i32) (param $pos i32) (param $rest i32)
    (result i32)
    (local $point v128) (local $start i32)
    (local.set $start (local.get $pos))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $count)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (local.set $point (v128.load (local.get $src)))
        (v128.store (local.get $pos) (local.get $point))
        (i32.store (local.get $rest) (i32.load (i32.add (local.get $src) (local.get $word))))
        (local.set $src (i32.add (local.get $src) (local.get $step)))
        ;; Not finite: an exponent is all ones. The fourth lane is no coordinate, and never equal.
        (br_if $next (v128.any_true (i32x4.eq
          (v128.and (local.get $point) (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 0))
          (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 1))))
        (local.set $pos (i32.add (local.get $pos) (i32.const 12)))
        (local.set $rest (i32.add (local.get $rest) (i32.const 4)))
        (br $next)))
    (i32.div_u (i32.sub (local.get $pos) (local.get $start)) (i32.const 12)))

  ;; Sixteen bytes of 0xAARRGGBB at a time become twelve of r g b.
  (func (export "unpack") (param $argb i32) (param $count i32) (param $rgb i32)
    (local $four v128)
    (block $end
      (loop $next
        (br_if $end (i32.le_s (local.get $count) (i32.const 0)))
        (local.set $four (v128.load (local.get $argb)))
        (v128.store (local.get $rgb) (i8x16.shuffle 2 1 0 6 5 4 10 9 8 14 13 12 15 15 15 15
          (local.get $four) (local.get $four)))
        (local.set $argb (i32.add (local.get $argb) (i32.const 16)))
        (local.set $rgb (i32.add (local.get $rgb) (i32.const 12)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $next))))

  ;; `count` positions (12 bytes each) and colours (r g b) as points of 16 bytes, four at a time. Returns 0 where every
  ;; coordinate is finite.
  (func (export "join")
    (param $pos i32) (param $rgb i32) (param $count i32) (param $to i32) (result i32)
    (local $a v128) (local $b v128) (local $c v128) (local $colours v128) (local $bad v128) (local $ones v128)
    (local.set $ones (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 0x7f800000))
    (block $end
      (loop $next
        (br_if $end (i32.le_s (local.get $count) (i32.const 0)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (local.set $a (v128.load (local.get $pos)))
        (local.set $b (v128.load offset=16 (local.get $pos)))
        (local.set $c (v128.load offset=32 (local.get $pos)))
        (local.set $colours (v128.load (local.get $rgb)))
        (local.set $colours (v128.and (v128.const i32x4 0xffffff 0xffffff 0xffffff 0xffffff)
          (i8x16.shuffle 2 1 0 3 5 4 3 3 8 7 6 3 11 10 9 3 (local.get $colours) (local.get $colours))))
        (local.set $bad (v128.or (local.get $bad) (v128.or
          (i32x4.eq (v128.and (local.get $a) (local.get $ones)) (local.get $ones))
          (v128.or
            (i32x4.eq (v128.and (local.get $b) (local.get $ones)) (local.get $ones))
            (i32x4.eq (v128.and (local.get $c) (local.get $ones)) (local.get $ones))))))
        (v128.store (local.get $to)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 16 17 18 19 (local.get $a) (local.get $colours)))
        (v128.store offset=16 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 20 21 22 23
          (i8x16.shuffle 12 13 14 15 16 17 18 19 20 21 22 23 0 0 0 0 (local.get $a) (local.get $b))
          (local.get $colours)))
        (v128.store offset=32 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 24 25 26 27
          (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 0 0 0 0 (local.get $b) (local.get $c))
          (local.get $colours)))
        (v128.store offset=48 (local.get $to)
          (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 28 29 30 31 (local.get $c) (local.get $colours)))
        (local.set $pos (i32.add (local.get $pos) (i32.const 48)))
        (local.set $rgb (i32.add (local.get $rgb) (i32.const 12)))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (br $next)))
    (v128.any_true (local.get $bad)))
)
