;; The loops that take nearly all the time of learning, four numbers at a time. After a change:
;; python -c 'import wasmtime; open("kernels.wasm", "wb").write(wasmtime.wat2wasm(open("kernels.wat").read()))'
(module
  (import "page" "memory" (memory 1))

  ;; c[i][j] += sum over p of a[i][p] · b[p][j], for m × k times k × n numbers; n is a multiple of four.
  ;; All are 32-bit floats. b and c have their rows one after the other; $down and $along are the
  ;; bytes from one row and one column of a to the next, so that a may be read transposed.
  (func (export "product")
    (param $m i32) (param $k i32) (param $n i32)
    (param $a i32) (param $down i32) (param $along i32) (param $b i32) (param $c i32)
    (local $p i32) (local $at i32) (local $row i32) (local $width i32)
    (local $from i32) (local $to i32) (local $end i32)
    (local $one v128) (local $two v128) (local $three v128) (local $four v128)
    (local.set $width (i32.shl (local.get $n) (i32.const 2)))
    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get $m)))
        (local.set $at (local.get $a))
        (local.set $row (local.get $b))
        (local.set $p (local.get $k))
        (local.set $end (i32.add (local.get $c) (local.get $width)))
        ;; four columns of a at once
        (block $rest
          (loop $fours
            (br_if $rest (i32.lt_s (local.get $p) (i32.const 4)))
            (local.set $one (v128.load32_splat (local.get $at)))
            (local.set $at (i32.add (local.get $at) (local.get $along)))
            (local.set $two (v128.load32_splat (local.get $at)))
            (local.set $at (i32.add (local.get $at) (local.get $along)))
            (local.set $three (v128.load32_splat (local.get $at)))
            (local.set $at (i32.add (local.get $at) (local.get $along)))
            (local.set $four (v128.load32_splat (local.get $at)))
            (local.set $at (i32.add (local.get $at) (local.get $along)))
            ;; most inputs are zero: paper, or neurons at rest
            (if (v128.any_true (v128.or (v128.or (local.get $one) (local.get $two))
                                        (v128.or (local.get $three) (local.get $four))))
              (then
                (local.set $from (local.get $row))
                (local.set $to (local.get $c))
                (loop $columns
                  (v128.store (local.get $to)
                    (f32x4.add
                      (f32x4.add (v128.load (local.get $to))
                        (f32x4.add
                          (f32x4.mul (local.get $one) (v128.load (local.get $from)))
                          (f32x4.mul (local.get $two)
                            (v128.load (i32.add (local.get $from) (local.get $width))))))
                      (f32x4.add
                        (f32x4.mul (local.get $three)
                          (v128.load (i32.add (local.get $from)
                            (i32.shl (local.get $width) (i32.const 1)))))
                        (f32x4.mul (local.get $four)
                          (v128.load (i32.add (local.get $from)
                            (i32.mul (local.get $width) (i32.const 3))))))))
                  (local.set $from (i32.add (local.get $from) (i32.const 16)))
                  (local.set $to (i32.add (local.get $to) (i32.const 16)))
                  (br_if $columns (i32.lt_u (local.get $to) (local.get $end))))))
            (local.set $row (i32.add (local.get $row) (i32.shl (local.get $width) (i32.const 2))))
            (local.set $p (i32.sub (local.get $p) (i32.const 4)))
            (br $fours)))
        ;; and those that are left
        (block $over
          (loop $ones
            (br_if $over (i32.eqz (local.get $p)))
            (local.set $one (v128.load32_splat (local.get $at)))
            (local.set $from (local.get $row))
            (local.set $to (local.get $c))
            (loop $columns
              (v128.store (local.get $to)
                (f32x4.add (v128.load (local.get $to))
                  (f32x4.mul (local.get $one) (v128.load (local.get $from)))))
              (local.set $from (i32.add (local.get $from) (i32.const 16)))
              (local.set $to (i32.add (local.get $to) (i32.const 16)))
              (br_if $columns (i32.lt_u (local.get $to) (local.get $end))))
            (local.set $at (i32.add (local.get $at) (local.get $along)))
            (local.set $row (i32.add (local.get $row) (local.get $width)))
            (local.set $p (i32.sub (local.get $p) (i32.const 1)))
            (br $ones)))
        (local.set $a (i32.add (local.get $a) (local.get $down)))
        (local.set $c (local.get $end))
        (local.set $m (i32.sub (local.get $m) (i32.const 1)))
        (br $rows))))

  ;; A step of Adam for n weights, a multiple of four; the gradients are zero afterwards.
  (func (export "adam")
    (param $n i32) (param $w i32) (param $g i32) (param $m i32) (param $v i32)
    (param $rate f32) (param $keep_m f32) (param $keep_v f32) (param $epsilon f32)
    (local $end i32) (local $gradient v128) (local $mean v128) (local $square v128)
    (local.set $end (i32.add (local.get $w) (i32.shl (local.get $n) (i32.const 2))))
    (loop $weights
      (local.set $gradient (v128.load (local.get $g)))
      (v128.store (local.get $g) (v128.const i32x4 0 0 0 0))
      (local.set $mean
        (f32x4.add (local.get $gradient)
          (f32x4.mul (f32x4.splat (local.get $keep_m))
            (f32x4.sub (v128.load (local.get $m)) (local.get $gradient)))))
      (local.set $gradient (f32x4.mul (local.get $gradient) (local.get $gradient)))
      (local.set $square
        (f32x4.add (local.get $gradient)
          (f32x4.mul (f32x4.splat (local.get $keep_v))
            (f32x4.sub (v128.load (local.get $v)) (local.get $gradient)))))
      (v128.store (local.get $m) (local.get $mean))
      (v128.store (local.get $v) (local.get $square))
      (v128.store (local.get $w)
        (f32x4.sub (v128.load (local.get $w))
          (f32x4.div (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $mean))
            (f32x4.add (f32x4.sqrt (local.get $square)) (f32x4.splat (local.get $epsilon))))))
      (local.set $w (i32.add (local.get $w) (i32.const 16)))
      (local.set $g (i32.add (local.get $g) (i32.const 16)))
      (local.set $m (i32.add (local.get $m) (i32.const 16)))
      (local.set $v (i32.add (local.get $v) (i32.const 16)))
      (br_if $weights (i32.lt_u (local.get $w) (local.get $end)))))

  ;; The largest of each four neighbouring places, or zero: from maps of 26×26 places with 32 numbers
  ;; each, a picture after the other, to 13×13 windows.
  (func (export "pool") (param $pictures i32) (param $maps i32) (param $pooled i32)
    (local $rows i32) (local $windows i32) (local $end i32) (local $below i32)
    (local.set $rows (i32.mul (local.get $pictures) (i32.const 13)))
    (loop $down
      (local.set $windows (i32.const 13))
      (loop $along
        (local.set $end (i32.add (local.get $maps) (i32.const 128)))
        (loop $filters
          (local.set $below (i32.add (local.get $maps) (i32.const 3328)))
          (v128.store (local.get $pooled)
            (f32x4.max (v128.const f32x4 0 0 0 0)
              (f32x4.max
                (f32x4.max (v128.load (local.get $maps)) (v128.load offset=128 (local.get $maps)))
                (f32x4.max (v128.load (local.get $below)) (v128.load offset=128 (local.get $below))))))
          (local.set $maps (i32.add (local.get $maps) (i32.const 16)))
          (local.set $pooled (i32.add (local.get $pooled) (i32.const 16)))
          (br_if $filters (i32.lt_u (local.get $maps) (local.get $end))))
        (local.set $maps (i32.add (local.get $maps) (i32.const 128)))
        (local.set $windows (i32.sub (local.get $windows) (i32.const 1)))
        (br_if $along (local.get $windows)))
      (local.set $maps (i32.add (local.get $maps) (i32.const 3328)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $down (local.get $rows))))

  ;; Replaces the maps by their gradients: the error of a window goes to the first place that is as
  ;; large as what was pooled, and to none where that is zero.
  (func (export "unpool") (param $pictures i32) (param $maps i32) (param $pooled i32) (param $errors i32)
    (local $rows i32) (local $windows i32) (local $end i32) (local $below i32)
    (local $largest v128) (local $error v128) (local $here v128)
    (local.set $rows (i32.mul (local.get $pictures) (i32.const 13)))
    (loop $down
      (local.set $windows (i32.const 13))
      (loop $along
        (local.set $end (i32.add (local.get $maps) (i32.const 128)))
        (loop $filters
          (local.set $below (i32.add (local.get $maps) (i32.const 3328)))
          (local.set $largest (v128.load (local.get $pooled)))
          (local.set $error
            (v128.and (v128.load (local.get $errors))
              (f32x4.gt (local.get $largest) (v128.const f32x4 0 0 0 0))))
          (local.set $here (f32x4.eq (v128.load (local.get $maps)) (local.get $largest)))
          (v128.store (local.get $maps) (v128.and (local.get $error) (local.get $here)))
          (local.set $error (v128.andnot (local.get $error) (local.get $here)))
          (local.set $here (f32x4.eq (v128.load offset=128 (local.get $maps)) (local.get $largest)))
          (v128.store offset=128 (local.get $maps) (v128.and (local.get $error) (local.get $here)))
          (local.set $error (v128.andnot (local.get $error) (local.get $here)))
          (local.set $here (f32x4.eq (v128.load (local.get $below)) (local.get $largest)))
          (v128.store (local.get $below) (v128.and (local.get $error) (local.get $here)))
          (local.set $error (v128.andnot (local.get $error) (local.get $here)))
          (local.set $here (f32x4.eq (v128.load offset=128 (local.get $below)) (local.get $largest)))
          (v128.store offset=128 (local.get $below) (v128.and (local.get $error) (local.get $here)))
          (local.set $error (v128.andnot (local.get $error) (local.get $here)))
          (local.set $maps (i32.add (local.get $maps) (i32.const 16)))
          (local.set $pooled (i32.add (local.get $pooled) (i32.const 16)))
          (local.set $errors (i32.add (local.get $errors) (i32.const 16)))
          (br_if $filters (i32.lt_u (local.get $maps) (local.get $end))))
        (local.set $maps (i32.add (local.get $maps) (i32.const 128)))
        (local.set $windows (i32.sub (local.get $windows) (i32.const 1)))
        (br_if $along (local.get $windows)))
      (local.set $maps (i32.add (local.get $maps) (i32.const 3328)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $down (local.get $rows)))))
