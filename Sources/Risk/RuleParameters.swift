package import PayopsCore

/// Parameters of a rule, as a command line gives them: `NAME=NUMBER,…`.
package struct RuleParameters: Sendable, Equatable {
  /// The parameters as the JSON object that procedures take.
  package let json: String
  /// Whether no parameter differs.
  package let isEmpty: Bool

  /// Reads parameters; nil and an empty text mean that no parameter differs.
  ///
  /// - Throws: ``Fault`` when a part is not of that form.
  package init(_ text: String?) throws(Fault) {
    var members: [String] = []
    for part in (text ?? "").split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite,
        sides[0].allSatisfy({ $0.isLetter || $0 == "_" })
      else {
        throw .usage("option --set: '\(part)' is not NAME=NUMBER", hint: "such as minimum_count=4")
      }
      members.append("\"\(sides[0])\": \(sides[1])")
    }
    isEmpty = members.isEmpty
    json = "{\(members.joined(separator: ", "))}"
  }
}
