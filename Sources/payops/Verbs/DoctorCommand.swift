import Backup
import Foundation
import MariaDBClient
import Tabular

/// `payops doctor`: looks at everything that the program needs, and says what to do.
struct DoctorCommand: Verb {
  let name = "doctor"
  let summary = "check server, account, objects and data"
  let discussion = """
    Checks version and settings of the server, memory and disk space, the privileges of
    the account, the encryption of the connection, the objects of the schema and their
    definers, calendars, rollups, exchange rates, imports and backups. Each check is ok, warning,
    failure, or unknown when it cannot be seen from here; below them stands what to do.
    Exits with 1 when there is a failure. Nothing is changed.
    """
  let options = [BackupOptions.dir.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let database = try DatabaseTarget(for: invocation).database
    let results = try await invocation.withConnection(selectsDatabase: false) { connection in
      var examination = try await Examination(of: connection, database: database)
      examination.backups = try Self.backups(invocation, schema: database)
      return try await Check.results(of: Check.all, on: examination)
    }
    let console = invocation.console
    if console.isJSON {
      try console.write(Self.json(results).lines)
    } else {
      try console.write(Self.text(results, console))
    }
    return Self.status(of: results.map(\.finding.verdict))
  }

  /// A failure is a finding; what is only a warning is not.
  static func status(of verdicts: [Verdict]) -> ExitCode {
    verdicts.contains(.failure) ? .finding : .ok
  }

  /// What can be seen of the backups; nil when there is no such folder here.
  private static func backups(
    _ invocation: Invocation, schema: String
  ) throws -> BackupHealth? {
    let folder = invocation.backupFolder
    guard access(folder.path, R_OK | X_OK) == 0 else { return nil }
    return BackupHealth(
      try BackupSurvey(folder, readsAll: false, schema: schema), schema: schema,
      maximumAge: Int64(Check.staleHours) * 3600, now: Int64(Date().timeIntervalSince1970))
  }

  /// The results as JSON.
  ///
  /// - Parameter results: the results
  /// - Returns: one object per check
  static func json(_ results: [Check.Result]) -> JSON {
    .array(
      results.map {
        .pairs([
          "check": .string($0.name), "verdict": .string($0.finding.verdict.rawValue),
          "finding": .string($0.finding.sentence),
          "what_to_do": $0.finding.remedy.map(JSON.string) ?? .null,
        ])
      })
  }

  /// The results as a table in 80 columns, then what to do.
  ///
  /// - Parameters:
  ///   - results: the results
  ///   - console: the console, for the colours and for a terminal that is narrower
  /// - Returns: lines, each with its line end
  static func text(_ results: [Check.Result], _ console: Console) -> String {
    let width = max(40, min(80, console.width ?? 80))
    let names = results.map(\.name.count).max() ?? 0
    var text = ""
    for result in results {
      let finding = result.finding
      let verdict = finding.verdict.rawValue
      let mark =
        switch finding.verdict {
        case .ok: console.style.green(verdict)
        case .warning: console.style.yellow(verdict)
        case .failure: console.style.red(verdict)
        case .unknown: console.style.dim(verdict)
        }
      let name = result.name + String(repeating: " ", count: names - result.name.count)
      let gap = String(repeating: " ", count: 9 - verdict.count)
      text +=
        name + "  " + mark + gap
        + filled(finding.sentence.printable, indent: names + 11, width: width)
    }
    let remedies = results.compactMap { result in
      result.finding.remedy.map { (result.name, $0) }
    }
    if !remedies.isEmpty {
      text += "\n" + console.style.bold("What to do") + "\n"
      for (name, remedy) in remedies {
        text += "  " + filled("\(name): \(remedy.printable)", indent: 4, width: width, column: 2)
      }
    }
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = results.count { $0.finding.verdict == verdict }
      return count > 0 ? "\(count) \(verdict.rawValue)" : nil
    }
    return text + "\n" + counts.joined(separator: ", ") + "\n"
  }

  /// Breaks a text into lines.
  ///
  /// - Parameters:
  ///   - text: the text
  ///   - indent: blanks before each line but the first
  ///   - width: columns of a line
  ///   - column: where the first line begins; at the indent when nil
  /// - Returns: lines, each with its line end
  static func filled(_ text: String, indent: Int, width: Int, column: Int? = nil) -> String {
    var result = ""
    var used = column ?? indent
    var isFirst = true
    for word in text.split(separator: " ") {
      let length = String(word).displayWidth
      if !isFirst, used + 1 + length > width {
        result += "\n" + String(repeating: " ", count: indent)
        used = indent
      } else if !isFirst {
        result += " "
        used += 1
      }
      result += word
      used += length
      isFirst = false
    }
    return result + "\n"
  }
}
