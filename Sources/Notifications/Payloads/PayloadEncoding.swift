internal import Foundation

/// The JSON encoding of payloads: equal values give equal bytes, so that the signature of a retry
/// is the same.
enum PayloadEncoding {
  static func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding cannot fail: payloads are texts, numbers, lists and dictionaries.
    return [UInt8]((try? encoder.encode(value)) ?? Data())
  }
}
