import Foundation
import TestSupport
import Testing

/// One errand of somebody who has the README and `--help` alone: the commands that it takes, and
/// whether those texts name them.
struct Errand {
  private let fixture: ErrandFixture
  /// The commands so far, without where the database is.
  private(set) var commands: [[String]] = []

  init(_ fixture: ErrandFixture) { self.fixture = fixture }

  /// Runs a command of the errand, which must succeed unless another status is expected.
  ///
  /// - Parameters:
  ///   - words: the arguments
  ///   - schema: the schema
  ///   - status: the expected exit status
  mutating func payops(
    _ words: [String], schema: String = ErrandFixture.schema, status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ProgramRun {
    commands.append(words)
    let run = try await fixture.payops(words, schema: schema)
    try #require(run.status == status, "\(words): \(run)", sourceLocation: sourceLocation)
    return run
  }

  /// The rows that a command prints with `--json`.
  mutating func rows(
    _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [[String: Any]] {
    let run = try await payops(words + ["--json"], sourceLocation: sourceLocation)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]],
      "\(words): \(run.output)", sourceLocation: sourceLocation)
  }

  /// Counts a statement that help tells people to run with a client of their own.
  mutating func count(_ statement: String) { count(["SQL", statement]) }

  /// Counts a command that is not run.
  mutating func count(_ words: [String]) { commands.append(words) }

  /// Expects the number of commands, and that README or help name each with its options.
  func expect(commands count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    #expect(commands.count == count, "\(commands)", sourceLocation: sourceLocation)
    let unnamed = try await unnamed()
    #expect(unnamed == [], sourceLocation: sourceLocation)
  }

  /// What of the commands neither README nor help names.
  func unnamed() async throws -> [String] {
    let readme = try String(
      contentsOf: GuardedProgram.top.appending(path: "README.md"), encoding: .utf8)
    let top = try await Self.help(["--help"])
    let connection = try await Self.help(["help", "connection"])
    var unnamed: [String] = []
    for words in commands where words.first != "SQL" {
      guard let verb = words.first, readme.contains("`payops \(verb)") || Self.lists(verb, in: top)
      else {
        unnamed.append("\(words)")
        continue
      }
      var path = [verb]
      var page = try await Self.help([verb, "--help"])
      if page.contains("\nVerbs:\n") {
        path.append(words.dropFirst().first ?? "")
        guard Self.lists(path[1], in: page) else {
          unnamed.append(path.joined(separator: " "))
          continue
        }
        page = try await Self.help(path + ["--help"])
      }
      let known = Set((page + connection).split { $0.isWhitespace || $0 == "," })
      unnamed += words.filter { $0.hasPrefix("--") && !known.contains($0.prefix { $0 != "=" }) }
        .map { (path + [$0]).joined(separator: " ") }
    }
    return unnamed
  }

  /// What the program prints as help.
  private static func help(_ words: [String]) async throws -> String {
    try await ProgramRun.payops(words).output
  }

  /// Whether a page of help has a verb in its list.
  private static func lists(_ verb: String, in page: String) -> Bool {
    page.split(separator: "\n").contains { $0.hasPrefix("  \(verb) ") }
  }
}
