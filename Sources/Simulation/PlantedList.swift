package import PayopsCore

/// Reads lists of planted kinds, such as `mule=3,cycle` or `none`.
package enum PlantedList {
  /// Reads a list.
  ///
  /// - Parameters:
  ///   - text: kinds separated by commas, each with `=COUNT` if it is not to be one; or `none`
  ///   - option: the option's name, for messages
  /// - Returns: the count of each kind named
  /// - Throws: a usage failure that names the word
  package static func parse<Kind: CaseIterable & RawRepresentable<String> & Hashable>(
    _ text: String, option: String
  ) throws(Fault) -> [Kind: Int] {
    guard text != "none" else { return [:] }
    var counts: [Kind: Int] = [:]
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let word = String(parts.first ?? "").replacing("-", with: "_")
      let names = Kind.allCases.map(\.rawValue)
      guard let kind = Kind(rawValue: word) else {
        throw .usage(
          "option --\(option): '\(word)' is no kind",
          hint: nearestWord(to: word, among: names + ["none"]).map { "did you mean \($0)?" }
            ?? "one of " + names.joined(separator: ", "))
      }
      guard let count = parts.count == 1 ? 1 : CountText.parse(parts[1]) else {
        throw .usage(
          "option --\(option): '\(parts[1])' is not a count", hint: "write \(word)=2")
      }
      guard counts.updateValue(count, forKey: kind) == nil else {
        throw .usage("option --\(option): \(word) is named twice")
      }
    }
    return counts
  }
}
