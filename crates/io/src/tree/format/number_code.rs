//! The numbers among streamer types and C++ names.

use super::super::number::Number;
use crate::column::ScalarType;

/// The number of a basic type among `TVirtualStreamerInfo::EReadWrite`; `comment` may hold the
/// range of a short float.
pub(super) fn of_code(code: i64, comment: &str) -> Option<Number> {
    Some(Number::Plain(match code {
        1 => ScalarType::I8,
        2 => ScalarType::I16,
        // kInt, and kCounter: an int that counts an array.
        3 | 6 => ScalarType::I32,
        // kLong and kLong64: both are eight bytes in a file.
        4 | 16 => ScalarType::I64,
        5 => ScalarType::F32,
        8 => ScalarType::F64,
        9 => return Some(Number::short(true, comment)),
        11 => ScalarType::U8,
        12 => ScalarType::U16,
        13 | 15 => ScalarType::U32,
        14 | 17 => ScalarType::U64,
        18 => ScalarType::Bool,
        19 => return Some(Number::short(false, comment)),
        _ => return None,
    }))
}

/// The number with this C++ name.
pub(super) fn of_name(name: &str) -> Option<Number> {
    Some(Number::Plain(match name {
        "bool" | "Bool_t" => ScalarType::Bool,
        "char" | "Char_t" | "signed char" | "int8_t" => ScalarType::I8,
        "unsigned char" | "UChar_t" | "uint8_t" | "Byte_t" => ScalarType::U8,
        "short" | "Short_t" | "int16_t" => ScalarType::I16,
        "unsigned short" | "UShort_t" | "uint16_t" => ScalarType::U16,
        "int" | "Int_t" | "int32_t" => ScalarType::I32,
        "unsigned int" | "UInt_t" | "uint32_t" | "unsigned" => ScalarType::U32,
        "long" | "long long" | "Long64_t" | "Long_t" | "int64_t" => ScalarType::I64,
        "unsigned long" | "unsigned long long" | "ULong64_t" | "ULong_t" | "uint64_t"
        | "size_t" => ScalarType::U64,
        "float" | "Float_t" => ScalarType::F32,
        "double" | "Double_t" => ScalarType::F64,
        "Double32_t" => return Some(Number::short(true, "")),
        "Float16_t" => return Some(Number::short(false, "")),
        _ => return None,
    }))
}
