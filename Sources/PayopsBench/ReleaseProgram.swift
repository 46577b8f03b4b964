import Foundation
import MariaDBClient

/// The payops binary that is measured.
struct ReleaseProgram: Sendable {
  /// Path of the binary.
  let path: String
  /// The directory for option file and logs.
  let work: WorkDirectory

  /// Finds the binary: `PAYOPS_PROGRAM`, or the one beside this program.
  ///
  /// - Throws: ``BenchError`` when it does not exist.
  init(work: WorkDirectory) throws {
    self.work = work
    let named = ProcessInfo.processInfo.environment["PAYOPS_PROGRAM"] ?? ""
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    path =
      named.isEmpty
      ? own.deletingLastPathComponent().appending(path: "payops").path(percentEncoded: false)
      : named
    guard access(path, X_OK) == 0 else {
      throw BenchError("there is no program \(path): run swift build -c release")
    }
  }

  /// Another program, such as an older one to compare with.
  ///
  /// - Parameters:
  ///   - path: its path.
  ///   - work: the directory for option file and logs.
  /// - Throws: ``BenchError`` when it does not exist.
  init(path: String, work: WorkDirectory) throws {
    guard access(path, X_OK) == 0 else { throw BenchError("there is no program \(path)") }
    self.path = path
    self.work = work
  }

  /// Starts the program on a schema.
  ///
  /// - Parameters:
  ///   - arguments: verb and options.
  ///   - schema: the schema to work on.
  func start(_ arguments: [String], schema: PaymentSchema) throws -> MeasuredProcess {
    guard let socket = schema.options.socket else { throw BenchError("the server has no socket") }
    return try MeasuredProcess(
      [path] + arguments + [
        "--defaults-file", work.path("empty.cnf"), "--socket", socket, "--database", schema.name,
        "--json",
      ],
      outputPath: work.path("\(schema.name)-\(arguments[0]).out"))
  }

  /// Runs the program on a schema and waits for its end.
  func run(
    _ arguments: [String], schema: PaymentSchema, within deadline: Duration
  ) async throws -> MeasuredProcess.Outcome {
    try await start(arguments, schema: schema).finish(within: deadline)
  }

  /// The version that the program reports.
  func version() async throws -> String {
    let outcome = try await MeasuredProcess(
      [path, "--version"], outputPath: work.path("version.out")
    ).finish(within: .seconds(20))
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
