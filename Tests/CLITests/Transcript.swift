import Foundation
import Testing

/// Calls of the program and their output, compared with a file.
///
/// The tests of single verbs show why; a transcript notices any change of any page, table or JSON.
/// `PAYOPS_UPDATE_SNAPSHOTS=1` renews it.
struct Transcript {
  private var lines: [String] = []
  private let file: URL

  /// A transcript stored as `Outputs/NAME.txt`.
  init(_ name: String) {
    file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Outputs/\(name).txt")
  }

  /// Runs the program and records its output.
  ///
  /// - Parameters:
  ///   - call: the arguments, separated by blanks; a dot stands for a blank within one.
  ///   - more: further arguments, which are not recorded.
  ///   - names: placeholders in the call and their values, which vary from run to run.
  mutating func call(_ call: String, _ more: [String], names: [String: String] = [:]) async throws {
    let words: [String] = call.split(separator: " ").map { word in
      names.reduce(String(word).replacing("·", with: " ")) { text, name in
        text.replacing(name.key, with: name.value)
      }
    }
    let run = try await ProgramRun.payops(
      words + more, environment: ["COLUMNS": "100"], deadline: .seconds(120))
    record(call, output: run.output, errors: run.errors, status: run.status)
  }

  /// Records a call and its output.
  mutating func record(_ call: String, output: String, errors: String, status: Int32) {
    lines.append("$ payops \(call)")
    lines += output.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    lines += errors.split(separator: "\n").map { "! \($0)" }
    lines.append("= \(status)")
  }

  /// The text without variable parts: given texts, the present, durations, sizes, checksums, the
  /// host.
  private func steady(_ replacements: [String: String]) -> String {
    var text = lines.joined(separator: "\n") + "\n"
    for (varying, steady) in replacements { text = text.replacing(varying, with: steady) }
    text = text.replacing(/\b([0-9a-f]{64}|[0-9a-f]{16})\b/, with: "<hash>")
    text = text.replacing(
      /\b(20\d\d-\d\d-\d\d)([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?/
    ) { match in match.1 > "2026-02-02" ? "<now>" : String(match.0) }
    text = text.replacing(/\b\d+(\.\d+)? ?(ms|s|min)\b/, with: "<time>")
    text = text.replacing(/\b\d+(\.\d+)? (B|KiB|MiB|GiB)\b/, with: "<size>")
    text = text.replacing(/"host_name":"[^"]*"/, with: #""host_name":"<host>""#)
    text = text.replacing(/("[a-z_]*(seconds|_ms|bytes)":) ?-?[0-9.]+/) { "\($0.1) 0" }
    return text
  }

  /// Compares with the stored transcript.
  ///
  /// - Parameter replacements: texts that vary from run to run, and their placeholders.
  func compare(
    _ replacements: [String: String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = steady(replacements)
    if ProcessInfo.processInfo.environment["PAYOPS_UPDATE_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(found.utf8).write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    let difference = found.split(separator: "\n").difference(from: kept.split(separator: "\n"))
    let few = difference.prefix(12).map { "\($0)".prefix(300) }
    #expect(few.isEmpty, "\(few.joined(separator: "\n"))", sourceLocation: sourceLocation)
  }
}
