//! Jets radiated beside whatever else an event holds.

use super::super::kinematics::massless;
use super::super::random::Random;
use super::super::truth::Truth;

/// More jets, each beside the others with the same chance; now and then, where rare events are
/// wanted, with a larger one and a pair of bottom quarks, and a weight that makes up for it.
pub(super) fn radiate(random: &mut Random, truth: &mut Truth) {
    const USUAL: Radiation = Radiation {
        more: 0.27,
        bottoms: 0.05,
    };
    const RARE: Radiation = Radiation {
        more: 0.65,
        bottoms: 0.5,
    };
    const SHARE: f64 = 0.25;
    let drawn_from = match truth.draws_rare_events() && random.chance(SHARE) {
        true => RARE,
        false => USUAL,
    };
    let mut jets = 0;
    while jets < 7 && random.chance(drawn_from.more) {
        jets += 1;
    }
    let has_bottoms = jets >= 2 && random.chance(drawn_from.bottoms);
    if truth.draws_rare_events() {
        let usual = USUAL.density(jets, has_bottoms);
        let rare = RARE.density(jets, has_bottoms);
        truth.weight *= usual / ((1.0 - SHARE) * usual + SHARE * rare);
    }
    for number in 0..jets {
        let pt = 20.0 + random.exponential(30.0);
        let (eta, phi) = (random.normal(0.0, 1.4), random.azimuth());
        let flavour = if has_bottoms && number < 2 { 5 } else { 0 };
        truth.jet(massless(pt, eta, phi), flavour);
    }
}

/// How often jets come along.
#[derive(Clone, Copy)]
struct Radiation {
    /// The chance of one more.
    more: f64,
    /// The chance that two of them are of bottom quarks.
    bottoms: f64,
}

impl Radiation {
    fn density(self, jets: i32, has_bottoms: bool) -> f64 {
        let last = if jets == 7 { 1.0 } else { 1.0 - self.more };
        let flavours = match (jets >= 2, has_bottoms) {
            (false, _) => 1.0,
            (true, true) => self.bottoms,
            (true, false) => 1.0 - self.bottoms,
        };
        self.more.powi(jets) * last * flavours
    }
}
