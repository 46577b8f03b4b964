internal import Foundation
internal import HTTP
internal import MariaDBClient
internal import PayopsCore

/// The members of a JSON object in the body of a request, checked against their declaration.
struct RequestFields: Sendable {
  private let values: [String: SQLValue]

  /// Reads a body.
  ///
  /// - Throws: ``Problem`` that names the member
  init(_ request: APIRequest, _ members: [Route.Member]) throws {
    let type = request.http.header("content-type") ?? ""
    guard type.split(separator: ";").first == "application/json" else {
      throw Problem(
        415, code: "usage", "the body is not declared as application/json",
        hint: "send Content-Type: application/json")
    }
    try self.init(request.http.body, members)
  }

  /// Reads one JSON object.
  init(_ bytes: [UInt8], _ members: [Route.Member]) throws {
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
      throw Problem(400, code: "usage", "the body is not a JSON object")
    }
    let names = members.map(\.name)
    if let extra = object.keys.sorted().first(where: { !names.contains($0) }) {
      throw Problem(
        400, code: "usage", "the body has a member '\(extra)' that is not known here",
        hint: "it may have " + names.joined(separator: ", "))
    }
    var values: [String: SQLValue] = [:]
    for member in members {
      let value = object[member.name]
      if value == nil || value is NSNull {
        guard !member.isRequired else {
          throw Problem(400, code: "usage", "the body has no member '\(member.name)'")
        }
        values[member.name] = .null
      } else {
        values[member.name] = try Self.value(value, of: member)
      }
    }
    self.values = values
  }

  /// The value of a member; NULL when it is absent.
  subscript(_ name: String) -> SQLValue { values[name] ?? .null }

  /// The text of a member; nil when it is absent.
  func text(_ name: String) -> String? {
    if case .text(let text) = self[name] { text } else { nil }
  }

  private static func value(_ value: Any?, of member: Route.Member) throws -> SQLValue {
    let refusal = Problem(
      400, code: "usage",
      "the member '\(member.name)' is not "
        + (member.choices.isEmpty
          ? words[member.kind] ?? "valid" : "one of " + member.choices.joined(separator: ", ")))
    switch member.kind {
    case .text:
      guard let text = value as? String, !text.contains("\0"), text.utf8.count <= 4096,
        member.choices.isEmpty || member.choices.contains(text)
      else { throw refusal }
      return .text(text)
    case .time:
      guard let text = value as? String, let instant = APITime.instant(text) else { throw refusal }
      return .text(instant.description)
    case .boolean:
      guard let flag = value as? Bool else { throw refusal }
      return .integer(flag ? 1 : 0)
    case .integer, .number:
      // Digits as a text keep an amount exact: 12.10 is not a binary fraction.
      if let text = value as? String, isDecimal(text) { return .text(text) }
      guard let number = value as? NSNumber, !isBoolean(number) else { throw refusal }
      let text = number.stringValue
      guard isDecimal(text), member.kind == .number || Int64(text) != nil else { throw refusal }
      return .text(text)
    }
  }

  private static let words: [Route.Member.Kind: String] = [
    .text: "a text of at most 4096 bytes", .integer: "a whole number", .number: "a number",
    .time: "a time such as 2026-01-31T12:00:00Z", .boolean: "true or false",
  ]

  private static func isDecimal(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && digits.utf8.count <= 40
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c" && (number == 0 || number == 1)
  }
}
