import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Passwords during backups", .timeLimit(.minutes(5)))
struct SecretTests {
  @Test("the password is visible nowhere while a backup is created, verified, restored, or fails")
  func canary() async throws {
    let setting = try await Setting.make()
    let watch = ProcessWatch(needle: setting.needle)
    let watching = Task { await watch.run() }
    defer { watching.cancel() }
    var runs: [Run] = []

    // The dump tool is blocked while it connects, until it has been scanned.
    runs.append(
      try await setting.run(["backup", "create", "--no-verify"], pausedAt: "create.snapshot") {
        resume in
        try await setting.withOwner { owner in
          try await owner.execute("DO GET_LOCK('looking', 0)")
          try await owner.execute("SET GLOBAL init_connect = 'DO GET_LOCK(\\'looking\\', 100)'")
          resume()
          try await watch.waitForProgram("mariadb-dump", scans: 3)
          try setting.expectCleanFiles("while the dump is made")
          try await owner.execute("SET GLOBAL init_connect = ''")
          try await owner.execute("DO RELEASE_LOCK('looking')")
        }
      })
    // On a private server, which now has the rows.
    runs.append(
      try await setting.run(["backup", "verify", "--latest"], pausedAt: "verify.restored") {
        resume in
        try await watch.waitForProgram("mariadbd", scans: 3)
        try setting.expectCleanFiles("while a backup is verified")
        resume()
      })
    runs.append(
      try await setting.run(
        ["backup", "verify", "--latest", "--on", "server", "--json"], pausedAt: "verify.compared"
      ) { $0() })
    runs.append(
      try await setting.run(
        ["restore", "--latest", "--as", "shop_copy"], pausedAt: "restore.before-switch"
      ) { resume in
        try await watch.waitForProgram("payops", scans: 3)
        try setting.expectCleanFiles("while a backup is restored")
        resume()
      })
    for run in runs { #expect(run.status == 0, "\(run.output)\(run.errors)") }
    let dump = try setting.dump()
    #expect(dump.contains("INSERT INTO `customers`"))
    #expect(!dump.contains(setting.needle))

    // The dump cannot connect any more; afterwards the server is gone.
    let interrupted = try await setting.run(["backup", "create"], pausedAt: "create.snapshot") {
      resume in
      try await setting.withOwner { try await $0.execute("ALTER USER keeper ACCOUNT LOCK") }
      resume()
    }
    try await setting.withOwner { try await $0.execute("ALTER USER keeper ACCOUNT UNLOCK") }
    try await setting.server.kill()
    let refused = try await setting.run(["backup", "create", "--json"])
    #expect(interrupted.status != 0)
    #expect(refused.status != 0)
    #expect(interrupted.errors.contains("mariadb-dump"))
    // Another password, so that the server itself reports the failure.
    try await setting.server.restart()
    try await setting.withOwner { try await $0.execute("SET PASSWORD FOR keeper = PASSWORD('x')") }
    let denied = try await setting.run(["backup", "create", "--no-verify"])
    #expect(denied.status != 0)
    #expect(denied.errors.contains("access denied"))
    runs += [interrupted, refused, denied]

    watching.cancel()
    await watching.value
    #expect(watch.findings == [])
    #expect(watch.programs.isSuperset(of: ["payops", "mariadb-dump", "mariadbd"]))
    for run in runs {
      #expect(!run.output.contains(setting.needle))
      #expect(!run.errors.contains(setting.needle))
    }
    try setting.expectCleanFiles("in the end")
    try await setting.server.remove()
  }

  @Test("the search would find a password in arguments, environments and files")
  func negativeControl() async throws {
    let needle = Setting.newNeedle()
    let watch = ProcessWatch(needle: needle)
    watch.scan()
    #expect(watch.findings == [])
    let folder = try TemporaryDirectory.make("control")
    // `cat` waits for its input to end.
    for (arguments, environment, kind) in [
      (["-", "--", needle], [:], "cmdline"), (["-"], ["MYSQL_PWD": "x\(needle)y"], "environ"),
    ] as [([String], [String: String], String)] {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      let process = try TestProcess(
        "/usr/bin/cat", arguments, environment: environment, input: ends[0])
      close(ends[0])
      let watch = ProcessWatch(needle: needle)
      // Until its exec, the child has the arguments of this process.
      while watch.findings.isEmpty, process.status == nil {
        watch.scan()
        await Task.yield()
      }
      #expect(watch.findings == ["/proc/\(process.pid)/\(kind)"])
      close(ends[1])
      await process.end()
    }
    let file = folder.appending(path: "a/b").path
    try FileManager.default.createDirectory(
      atPath: folder.appending(path: "a").path, withIntermediateDirectories: true)
    try Data([0, 255] + Array(needle.utf8) + [7]).write(to: URL(filePath: file))
    #expect(FileSearch.files(below: folder.path, with: needle) == [file])
    #expect(FileSearch.files(below: folder.path, with: needle + "!") == [])
  }

  // MARK: - Programs

  /// The result of a run of payops.
  private struct Run {
    let status: Int32
    let output: String
    let errors: String
  }

  /// A server with an account whose password the test searches for, and the folders of the runs.
  private struct Setting: Sendable {
    let server: PrivateServer
    let needle: String
    let folder: String

    var backups: String { "\(folder)/backups" }

    /// The owner's connection options.
    var shop: ConnectionOptions {
      var options = server.connectionOptions
      options.database = "shop"
      return options
    }

    static func newNeedle() -> String {
      "Q" + (0..<4).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined()
    }

    static func make() async throws -> Setting {
      let port = try FreePort.next()
      let folder = try TemporaryDirectory.make("secret").path(percentEncoded: false)
      let setting = Setting(
        server: try await TestServer.privateServer(port: port), needle: newNeedle(),
        folder: folder.hasSuffix("/") ? String(folder.dropLast()) : folder)
      for name in ["home", "temporary", "options", "backups"] {
        try FileManager.default.createDirectory(
          atPath: "\(setting.folder)/\(name)", withIntermediateDirectories: true)
      }
      // Characters with a special meaning in option files and shells.
      let password = "'#; \(setting.needle) \"\\$"
      try await setting.withOwner { owner in
        try await owner.runScript(
          """
          CREATE DATABASE shop;
          USE shop;
          CREATE TABLE customers (customer_id INT NOT NULL PRIMARY KEY, name VARCHAR(40));
          INSERT INTO customers VALUES (1, 'Ann');
          CREATE PROCEDURE p () SELECT 1;
          CREATE USER keeper;
          GRANT SELECT, SET USER ON *.* TO keeper;
          GRANT ALL PRIVILEGES ON `shop%`.* TO keeper;
          GRANT ALL PRIVILEGES ON `payops\\_verify\\_%`.* TO keeper;
          """)
        try await owner.execute("SET PASSWORD FOR keeper = PASSWORD(?)", [.text(password)])
      }
      let quoted = password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      let options = """
        [client]
        host = 127.0.0.1
        port = \(port)
        user = keeper
        password = "\(quoted)"

        [payops]
        database = shop
        """
      let file = "\(setting.folder)/options/client.cnf"
      guard
        FileManager.default.createFile(
          atPath: file, contents: Data(options.utf8), attributes: [.posixPermissions: 0o600])
      else { throw CocoaError(.fileWriteUnknown) }
      return setting
    }

    func withOwner(_ body: (Connection) async throws -> Void) async throws {
      let owner = try await Connection.open(server.connectionOptions)
      do {
        try await body(owner)
        await owner.close()
      } catch {
        await owner.close()
        throw error
      }
    }

    /// The binary, which the build places beside the test bundle.
    private static var binary: URL {
      get throws {
        let bundle = URL(
          filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let binary = bundle.deletingLastPathComponent().appending(path: "payops")
        try #require(
          FileManager.default.isExecutableFile(atPath: binary.path), "no payops beside the tests")
        return binary
      }
    }

    /// Runs payops.
    ///
    /// - Parameters:
    ///   - arguments: the verb and its options.
    ///   - pausedAt: a point at which the program waits for the body.
    ///   - body: receives a closure that lets the program continue.
    func run(
      _ arguments: [String], pausedAt place: String? = nil,
      _ body: (_ resume: () -> Void) async throws -> Void = { _ in }
    ) async throws -> Run {
      let files = try TemporaryDirectory.make("run").path(percentEncoded: false)
      let marker = "\(files)/marker"
      let process = try TestProcess(
        try Self.binary.path,
        arguments + ["--dir", backups, "--defaults-file", "\(folder)/options/client.cnf"],
        environment: [
          "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
          "HOME": "\(folder)/home", "TMPDIR": "\(folder)/temporary",
          "PAYOPS_FAULT": place.map { "\($0)=pause:\(marker)" } ?? "",
        ], directory: "\(folder)/home", output: "\(files)/out", errors: "\(files)/err")
      if place != nil {
        while process.status == nil, access(marker, F_OK) != 0 {
          try await Task.sleep(for: .milliseconds(2))
        }
        let isPaused = access(marker, F_OK) == 0
        if isPaused {
          do {
            try await body { unlink(marker) }
          } catch {
            unlink(marker)
            process.signal(SIGTERM)
            throw error
          }
        }
        #expect(isPaused, "\(arguments.joined(separator: " ")) never came to \(place ?? "")")
      }
      return Run(
        status: await process.end(within: .seconds(200)),
        output: try String(contentsOfFile: "\(files)/out", encoding: .utf8),
        errors: try String(contentsOfFile: "\(files)/err", encoding: .utf8))
    }

    /// The text of the newest backup.
    func dump() throws -> String {
      let folder = BackupFolder(path: backups)
      let manifest = try #require(try folder.contents().backups.last)
      #expect(manifest.isVerified)
      return try BackupSample(options: shop, folder: folder, manifest: manifest).dump
    }

    /// Searches every file that payops may have written.
    func expectCleanFiles(_ when: String) throws {
      // Directories of tests may exist, too.
      let memory = try FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
        .filter { !$0.hasPrefix("payops-test-") }.map { "/dev/shm/\($0)" }
      for path in [backups, "\(folder)/home", "\(folder)/temporary"] + memory {
        #expect(FileSearch.files(below: path, with: needle) == [], "\(when)")
      }
      let written = try FileManager.default.contentsOfDirectory(atPath: backups)
      #expect(!written.isEmpty, "\(when)")
    }
  }
}
