import EmbeddedServer
import Foundation

/// The directory in which the benchmark keeps its server, exports and logs.
struct WorkDirectory: Sendable {
  /// The directory.
  let url: URL
  /// Folder for the report files.
  let results: URL

  /// Finds the directory: `PAYOPS_BENCH_DIR`, or `bench-results/work` of the current one.
  init() {
    let current = URL(filePath: FileManager.default.currentDirectoryPath)
    results = current.appending(path: "bench-results")
    let named = ProcessInfo.processInfo.environment["PAYOPS_BENCH_DIR"] ?? ""
    url = named.isEmpty ? results.appending(path: "work") : URL(filePath: named)
  }

  /// The server of the benchmark; it dies with this program.
  var server: EmbeddedServer {
    var configuration = EmbeddedServer.Configuration.sizedToMachine()
    configuration.diesWithParent = true
    return EmbeddedServer(directory: url.appending(path: "server"), configuration: configuration)
  }

  /// The one folder that the server may write files to and read them from.
  var exports: URL { url.appending(path: "server/tmp/export") }

  /// Path of a file in the directory.
  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  private var marker: String { path("payops-bench") }

  /// Creates the directory, after removing what an earlier run left there.
  ///
  /// - Parameter keeps: whether its contents are reused.
  /// - Throws: ``BenchError`` when the directory belongs to something else.
  func prepare(keeps: Bool) async throws {
    let files = FileManager.default
    try files.createDirectory(at: results, withIntermediateDirectories: true)
    if files.fileExists(atPath: url.path(percentEncoded: false)) {
      let isOurs = files.fileExists(atPath: marker)
      let names = try files.contentsOfDirectory(atPath: url.path(percentEncoded: false))
      let isEmpty = names.allSatisfy { $0 == "venv" }
      guard isOurs || isEmpty else {
        throw BenchError(
          "\(url.path(percentEncoded: false)) holds files that are not the benchmark's")
      }
      if isOurs, !keeps { try await remove() }
    }
    try files.createDirectory(at: url, withIntermediateDirectories: true)
    try Data("made by payops-bench\n".utf8).write(to: URL(filePath: marker))
    // An empty option file keeps the user's own from affecting the measured programs.
    try Data().write(to: URL(filePath: path("empty.cnf")))
  }

  /// Stops the server and removes everything but the Python environment.
  func remove() async throws {
    try await server.stop()
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: url.path(percentEncoded: false))) ?? []
    for name in names where name != "venv" && name != "payops-bench" {
      try files.removeItem(at: url.appending(path: name))
    }
  }

  /// Removes the exported files.
  func removeExports() { try? FileManager.default.removeItem(at: exports) }

  /// Checks that the disk has room.
  ///
  /// - Parameter payments: payments of all histories together.
  /// - Throws: ``BenchError`` when it does not.
  func checkSpace(payments: Int) throws {
    var space = statvfs()
    guard statvfs(url.path(percentEncoded: false), &space) == 0 else { return }
    let free = Int(clamping: space.f_bavail) * Int(clamping: space.f_frsize)
    let needed = payments * 1500 + (3 << 30)
    guard free >= needed else {
      throw BenchError(
        "the disk of \(url.path(percentEncoded: false)) has \(free >> 30) GiB free and"
          + " \(needed >> 30) GiB are needed; set PAYOPS_BENCH_DIR or ask for fewer --transactions")
    }
  }
}
