//! Four-momenta as arrays of x, y, z and energy, as `TLorentzVector` computes.

pub type Vector = [f64; 4];

pub fn vector(pt: f64, eta: f64, phi: f64, energy: f64) -> Vector {
    [
        pt.abs() * phi.cos(),
        pt.abs() * phi.sin(),
        pt.abs() * eta.sinh(),
        energy,
    ]
}

/// Of the values of branches.
pub fn of_branches(pt: f32, eta: f32, phi: f32, energy: f32) -> Vector {
    vector(pt.into(), eta.into(), phi.into(), energy.into())
}

/// The same in GeV.
pub fn of_branches_gev(pt: f32, eta: f32, phi: f32, energy: f32) -> Vector {
    let [pt, eta, phi, energy] = [pt, eta, phi, energy].map(f64::from);
    vector(pt / 1000.0, eta, phi, energy / 1000.0)
}

pub fn sum(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
}

pub fn pt([x, y, ..]: Vector) -> f64 {
    (x * x + y * y).sqrt()
}

pub fn mass([x, y, z, t]: Vector) -> f64 {
    let square = t * t - (x * x + y * y + z * z);
    if square < 0.0 {
        -(-square).sqrt()
    } else {
        square.sqrt()
    }
}

pub fn theta(v: Vector) -> f64 {
    if v[0] == 0.0 && v[1] == 0.0 && v[2] == 0.0 {
        0.0
    } else {
        pt(v).atan2(v[2])
    }
}

pub fn eta([x, y, z, _]: Vector) -> f64 {
    let p = (x * x + y * y + z * z).sqrt();
    let cosine = if p == 0.0 { 1.0 } else { z / p };
    if cosine * cosine < 1.0 {
        return -0.5 * ((1.0 - cosine) / (1.0 + cosine)).ln();
    }
    // Along the beam, and of what is no number.
    match z {
        0.0 => 0.0,
        _ if z > 0.0 => 10e10,
        _ => -10e10,
    }
}

pub fn phi([x, y, ..]: Vector) -> f64 {
    if x == 0.0 && y == 0.0 {
        0.0
    } else {
        y.atan2(x)
    }
}

pub fn et([x, y, z, t]: Vector) -> f64 {
    let squared = x * x + y * y;
    let et2 = if squared == 0.0 {
        0.0
    } else {
        t * t * squared / (squared + z * z)
    };
    if t < 0.0 { -et2.sqrt() } else { et2.sqrt() }
}

pub fn delta_phi(a: Vector, b: Vector) -> f64 {
    use std::f64::consts::PI;

    let mut angle = phi(a) - phi(b);
    if angle.is_nan() {
        return angle;
    }
    while angle >= PI {
        angle -= 2.0 * PI;
    }
    while angle < -PI {
        angle += 2.0 * PI;
    }
    angle
}

pub fn delta_r(a: Vector, b: Vector) -> f64 {
    let (eta, phi) = (eta(a) - eta(b), delta_phi(a, b));
    (eta * eta + phi * phi).sqrt()
}

/// The transverse mass with the missing momentum, before it is rounded.
pub fn transverse_mass(seen: Vector, missing: Vector) -> f64 {
    (2.0 * pt(seen) * et(missing) * (1.0 - delta_phi(seen, missing).cos())).sqrt()
}

/// `x < π ? x : 2π − x` in a `float`.
pub fn folded(angle: f32) -> f32 {
    if f64::from(angle) < std::f64::consts::PI {
        angle
    } else {
        (2.0 * std::f64::consts::PI - f64::from(angle)) as f32
    }
}
