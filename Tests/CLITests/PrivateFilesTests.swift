import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import payops

@Suite("Files that payops creates", .timeLimit(.minutes(10)))
struct PrivateFilesTests {
  /// Files below a folder that others could read or write, except links and sockets.
  private static func open(below folder: URL) throws -> [String] {
    let names = FileManager.default.subpaths(atPath: folder.path) ?? []
    return names.filter { name in
      var info = stat()
      guard lstat(folder.appending(path: name).path, &info) == 0 else { return false }
      let kind = info.st_mode & S_IFMT
      return (kind == S_IFREG || kind == S_IFDIR) && info.st_mode & 0o077 != 0
    }
  }

  @Test(
    "files of payops are private to their owner, whatever the umask", arguments: ["000", "077"])
  func umask(_ mask: String) async throws {
    let home = try TemporaryDirectory.make("umask")
    func payops(_ words: [String]) async throws -> ProgramRun {
      try await ProgramRun.run(
        URL(filePath: "/bin/sh"),
        ["-c", "umask \(mask); exec \"$0\" \"$@\"", try ProgramRun.binary.path] + words,
        directory: home, deadline: .seconds(240))
    }
    try Data("timestamp,value\n2026-01-01 00:00:00,1\n".utf8)
      .write(to: home.appending(path: "series.csv"))
    chmod(home.appending(path: "series.csv").path, 0o600)
    let port = try FreePort.next()
    let runs = [
      ["demo", "--transactions", "300", "--days", "3", "--port", "\(port)"],
      ["backup", "create", "--dir", "deep/down/backups", "--no-verify"],
      ["detect", "series.csv", "--out", "scores.csv"],
    ]
    for words in runs {
      let run = try await payops(words)
      #expect([0, 1].contains(run.status), "\(words): \(run.output)\(run.errors)")
    }
    #expect(FileManager.default.fileExists(atPath: home.appending(path: "scores.csv").path))
    #expect(FileManager.default.fileExists(atPath: home.appending(path: ".payops/bi.cnf").path))
    #expect(try Self.open(below: home) == [])
    let removed = try await payops(["demo", "--remove"])
    #expect(removed.status == 0, "\(removed.errors)")
  }

  @Test("payops never writes into a file that somebody else has created")
  func partialFile() throws {
    let folder = try TemporaryDirectory.make("partial")
    let target = folder.appending(path: "out.csv")
    let part = target.path(percentEncoded: false) + ".\(getpid()).part"
    let victim = folder.appending(path: "victim")
    try Data("kept".utf8).write(to: victim)
    for plant in [link, symlink] {
      unlink(part)
      #expect(plant(victim.path(percentEncoded: false), part) == 0)
      let file = try PartialFile(for: target)
      try Array("secret".utf8).withUnsafeBytes { try file.write($0) }
      try file.finish()
      #expect(try String(contentsOf: target, encoding: .utf8) == "secret")
      #expect(try String(contentsOf: victim, encoding: .utf8) == "kept")
    }
  }
}
