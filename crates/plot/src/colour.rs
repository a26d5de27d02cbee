//! Colours, among them those of ROOT's wheel that ATLAS plots use.

/// A colour as red, green and blue, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Colour {
    /// `kBlack`.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// `kWhite`.
    pub const WHITE: Self = Self::rgb(0xff, 0xff, 0xff);
    /// `kRed`, the Higgs boson in the stacks of the ATLAS Open Data.
    pub const RED: Self = Self::rgb(0xff, 0, 0);
    /// `kRed-7`, WZ.
    pub const RED_M7: Self = Self::rgb(0xff, 0x66, 0x66);
    /// `kBlue`.
    pub const BLUE: Self = Self::rgb(0, 0, 0xff);
    /// `kBlue+2`.
    pub const BLUE_P2: Self = Self::rgb(0, 0, 0x99);
    /// `kBlue-6`, dibosons and "Other".
    pub const BLUE_M6: Self = Self::rgb(0x66, 0x66, 0xcc);
    /// `kAzure+7`, Z → ττ.
    pub const AZURE_P7: Self = Self::rgb(0, 0x99, 0xff);
    /// `kAzure+8`, ZZ and single top.
    pub const AZURE_P8: Self = Self::rgb(0x33, 0xcc, 0xff);
    /// `kOrange-3`, top pairs.
    pub const ORANGE_M3: Self = Self::rgb(0xff, 0x99, 0);
    /// `kPink+9`, Z.
    pub const PINK_P9: Self = Self::rgb(0xff, 0x33, 0xcc);
    /// `kGreen-3`, W and V.
    pub const GREEN_M3: Self = Self::rgb(0x33, 0xcc, 0x33);

    /// A colour of its three parts.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// The colour of a number in ROOT's table (`TAttFill::fFillColor`), if it is one of the above.
    pub fn of_root(index: u16) -> Option<Self> {
        Some(match index {
            0 => Self::WHITE,
            1 => Self::BLACK,
            413 => Self::GREEN_M3,
            594 => Self::BLUE_M6,
            600 => Self::BLUE,
            602 => Self::BLUE_P2,
            625 => Self::RED_M7,
            632 => Self::RED,
            797 => Self::ORANGE_M3,
            867 => Self::AZURE_P7,
            868 => Self::AZURE_P8,
            909 => Self::PINK_P9,
            _ => return None,
        })
    }
}
