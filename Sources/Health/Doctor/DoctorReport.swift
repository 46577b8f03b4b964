package import Tabular

/// The report of `payops doctor`, for people and for programs.
package enum DoctorReport {
  /// The results as JSON.
  ///
  /// - Parameter results: the results
  /// - Returns: one object per check
  package static func json(_ results: [Check.Result]) -> JSON {
    .array(
      results.map {
        .pairs([
          "check": .string($0.name), "verdict": .string($0.finding.verdict.rawValue),
          "finding": .string($0.finding.sentence),
          "what_to_do": $0.finding.remedy.map(JSON.string) ?? .null,
        ])
      })
  }

  /// The results as a table of at most 80 columns, followed by what to do.
  ///
  /// - Parameters:
  ///   - results: the results
  ///   - width: columns of the terminal; nil without a terminal
  ///   - style: the colours
  /// - Returns: lines, each with its line end
  package static func text(
    _ results: [Check.Result], width: Int?, style: Style
  ) -> String {
    let width = max(40, min(80, width ?? 80))
    let names = results.map(\.name.count).max() ?? 0
    var text = ""
    for result in results {
      let finding = result.finding
      let verdict = finding.verdict.rawValue
      let mark =
        switch finding.verdict {
        case .ok: style.green(verdict)
        case .warning: style.yellow(verdict)
        case .failure: style.red(verdict)
        case .unknown: style.dim(verdict)
        }
      let name = result.name + String(repeating: " ", count: names - result.name.count)
      let gap = String(repeating: " ", count: 9 - verdict.count)
      text +=
        name + "  " + mark + gap
        + finding.sentence.printable.filled(indent: names + 11, width: width)
    }
    let remedies = results.compactMap { result in
      result.finding.remedy.map { (result.name, $0) }
    }
    if !remedies.isEmpty {
      text += "\n" + style.bold("What to do") + "\n"
      for (name, remedy) in remedies {
        text += "  " + "\(name): \(remedy.printable)".filled(indent: 4, width: width, column: 2)
      }
    }
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = results.count { $0.finding.verdict == verdict }
      return count > 0 ? "\(count) \(verdict.rawValue)" : nil
    }
    return text + "\n" + counts.joined(separator: ", ") + "\n"
  }
}
