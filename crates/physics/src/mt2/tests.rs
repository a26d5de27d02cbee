use proptest::prelude::*;

use super::*;

fn side(mass: f64, px: f64, py: f64, invisible_mass: f64) -> Side {
    Side {
        mass,
        px,
        py,
        invisible_mass,
    }
}

/// The mass of a particle seen as `side` whose invisible part has the momentum `k`.
fn transverse_mass(side: &Side, k: (f64, f64)) -> f64 {
    let Side {
        mass,
        px,
        py,
        invisible_mass,
    } = *side;
    let seen = (mass * mass + px * px + py * py).sqrt();
    let escaped = (invisible_mass * invisible_mass + k.0 * k.0 + k.1 * k.1).sqrt();
    let squared = mass * mass
        + invisible_mass * invisible_mass
        + 2.0 * (seen * escaped - px * k.0 - py * k.1);
    squared.max(0.0).sqrt()
}

/// The least over all ways to share the missing momentum. Transverse masses squared are convex in
/// the momentum, so is the larger of two, and so is what is left when one component is minimised:
/// each component can be searched by itself.
fn minimised(one: &Side, other: &Side, missing: (f64, f64)) -> f64 {
    let larger = |x: f64, y: f64| {
        let rest = (missing.0 - x, missing.1 - y);
        transverse_mass(one, (x, y)).max(transverse_mass(other, rest))
    };
    least(|x| least(|y| larger(x, y)))
}

/// The least value of a function that falls and then rises.
fn least(function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-3000.0, 3000.0);
    for _ in 0..100 {
        let third = (high - low) / 3.0;
        if function(low + third) < function(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    function((low + high) / 2.0)
}

#[test]
fn the_example_of_the_published_code() {
    let mass = mt2(
        side(10.0, 20.0, 30.0, 4.0),
        side(10.0, -20.0, -30.0, 7.0),
        (-5.0, -5.0),
    );
    let least = minimised(
        &side(10.0, 20.0, 30.0, 4.0),
        &side(10.0, -20.0, -30.0, 7.0),
        (-5.0, -5.0),
    );
    assert!((mass.unwrap() - least).abs() < 1e-6, "{mass:?} {least}");
}

#[test]
fn nothing_at_all_weighs_nothing() {
    assert_eq!(mt2(Side::default(), Side::default(), (0.0, 0.0)), Some(0.0));
}

#[test]
fn momenta_that_are_no_numbers_end() {
    let nan = side(0.0, f64::NAN, 0.0, 0.0);
    let _ = mt2(nan, side(0.0, 1.0, 2.0, 0.0), (3.0, 4.0));
    let _ = mt2(side(0.0, 1.0, 2.0, 0.0), nan, (f64::INFINITY, 4.0));
}

/// Pairs as they occur, and such of which no mass can be found.
fn decays() -> impl Strategy<Value = Decays> {
    let odd = prop::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, 1e200, 1e-200]);
    let number = prop_oneof![20 => -100.0..100.0f64, 1 => odd];
    let mass = prop_oneof![4 => -1e-6..0.2f64, 4 => 0.0..50.0f64, 1 => Just(0.0)];
    let escaped = prop::sample::select(vec![0.0, 20.0]);
    let side = (mass, number.clone(), number.clone(), escaped);
    let side = side.prop_map(|(m, x, y, invisible)| self::side(m, x, y, invisible));
    let missing = prop_oneof![4 => (number.clone(), number), 1 => Just((0.0, 0.0))];
    ([side.clone(), side], missing).prop_map(|(sides, missing)| Decays { sides, missing })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Massless particles without recoil: m² = 2 (|a||b| + a·b), in Lester, JHEP 05 (2011) 076.
    #[test]
    fn massless_particles_without_recoil_have_the_known_mass(
        ax in -200.0..200.0f64, ay in -200.0..200.0f64,
        bx in -200.0..200.0f64, by in -200.0..200.0f64,
    ) {
        let mass = mt2(side(0.0, ax, ay, 0.0), side(0.0, bx, by, 0.0), (-ax - bx, -ay - by));
        let product = (ax * ax + ay * ay).sqrt() * (bx * bx + by * by).sqrt();
        let known = (2.0 * (product + ax * bx + ay * by)).max(0.0).sqrt();
        prop_assert!((mass.unwrap() - known).abs() < 1e-4 * (1.0 + known), "{mass:?} {known}");
    }

    #[test]
    fn the_least_over_all_shares_is_found(
        ax in -100.0..100.0f64, ay in -100.0..100.0f64,
        bx in -100.0..100.0f64, by in -100.0..100.0f64,
        mx in -100.0..100.0f64, my in -100.0..100.0f64,
        a in 1.0..20.0f64, b in 1.0..20.0f64, chi in 1.0..50.0f64, psi in 1.0..50.0f64,
    ) {
        let (one, other) = (side(a, ax, ay, chi), side(b, bx, by, psi));
        let mass = mt2(one, other, (mx, my)).unwrap();
        let least = minimised(&one, &other, (mx, my));
        prop_assert!((mass - least).abs() < 1e-3 * least, "{mass} {least}");
    }

    #[test]
    fn in_single_precision_it_is_the_same_number(
        ax in -100.0..100.0f64, ay in -100.0..100.0f64,
        bx in -100.0..100.0f64, by in -100.0..100.0f64,
        mx in -100.0..100.0f64, my in -100.0..100.0f64,
        a in -1e-6..0.2f64, chi in prop::sample::select(vec![0.0, 20.0]), is_still in any::<bool>(),
    ) {
        let missing = if is_still { (0.0, 0.0) } else { (mx, my) };
        let (one, other) = (side(a, ax, ay, chi), side(0.0, bx, by, chi));
        let exact = mt2(one, other, missing).map(|mass| mass as f32);
        prop_assert_eq!(mt2_single(one, other, missing), exact);
    }

    #[test]
    fn of_many_pairs_each_has_the_mass_it_has_alone(
        pairs in prop::collection::vec(decays(), 0..40),
    ) {
        let mut masses = vec![None];
        mt2_singles(&pairs, &mut masses);
        prop_assert_eq!(masses.len(), 1 + pairs.len());
        let bits = |mass: Option<f32>| mass.map(f32::to_bits);
        for (mass, Decays { sides: [one, other], missing }) in masses[1..].iter().zip(pairs) {
            prop_assert_eq!(bits(*mass), bits(mt2_single(one, other, missing)), "{:?}", (one, other, missing));
        }
    }

    #[test]
    fn sides_and_directions_can_be_exchanged(
        ax in -100.0..100.0f64, ay in -100.0..100.0f64,
        bx in -100.0..100.0f64, by in -100.0..100.0f64,
        mx in -100.0..100.0f64, my in -100.0..100.0f64,
    ) {
        let mass = |a: (f64, f64), b: (f64, f64), m| {
            mt2(side(1.0, a.0, a.1, 2.0), side(3.0, b.0, b.1, 2.0), m).unwrap()
        };
        let one = mass((ax, ay), (bx, by), (mx, my));
        let mirrored = mass((-ax, ay), (-bx, by), (-mx, my));
        let swapped = mt2(side(3.0, bx, by, 2.0), side(1.0, ax, ay, 2.0), (mx, my)).unwrap();
        prop_assert!((one - mirrored).abs() < 1e-6 * one);
        prop_assert_eq!(one, swapped);
    }
}
