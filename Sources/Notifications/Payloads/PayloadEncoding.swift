internal import Foundation

/// JSON as payloads have it: the same value always gives the same bytes, so that a signature and a
/// repeated attempt agree.
enum PayloadEncoding {
  static func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Payloads are texts, numbers, lists and dictionaries, which cannot fail.
    return [UInt8]((try? encoder.encode(value)) ?? Data())
  }
}
