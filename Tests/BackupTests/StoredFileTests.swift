import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Backups that cannot be read", .timeLimit(.minutes(5)))
struct StoredFileTests {
  /// A regular file whose first read fails with EIO.
  private static let failing = "/proc/self/mem"

  @Test("a read error of the disk is not damage of the data")
  func inputError() async throws {
    let sample = try await TruthSource.plain.sample()
    let error = #expect(throws: BackupError.self) {
      try BackupReader.read(
        Self.failing, manifest: sample.manifest, key: nil, checksHash: false
      ) { _ in }
    }
    // A kernel that reports size 0 calls the file empty, which is not a disk error.
    let file = try StoredFile(Self.failing)
    try #require(error?.code == .unreadable || file.size == 0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
    defer { buffer.deallocate() }
    #expect(throws: StoredFile.Trouble.unreadable(EIO)) { try file.read(into: buffer) }
  }

  @Test("the state of an unreadable backup stays, and the manifest says why")
  func attempt() async throws {
    let fixture = try await BackupFolderFixture()
    let states: [BackupManifest.Verification.State] = [.verified, .failed, .unverified]
    for (place, state) in states.enumerated() {
      let backup = try fixture.add(place + 1, day: 1, state: state)
      let nowhere = ConnectionOptions(socket: "/nowhere/at/all", user: "nobody")
      await #expect(throws: DatabaseError.self) {
        try await BackupVerification(folder: fixture.folder, place: .server(nowhere)).run(backup)
      }
      let after = try fixture.folder.backup(backup.id)
      #expect(after.verification.state == state)
      #expect(after.verification.attempt?.reason.contains("cannot connect") == true)
      let seen = try await BackupVerification(
        folder: fixture.folder, place: .server(try await TestServer.shared())
      ).run(backup)
      #expect(seen.isVerified)
      #expect(seen.verification.attempt == nil)
    }
  }

  @Test("a server that dies during a verification leaves the state unchanged")
  func crash() async throws {
    let fixture = try await BackupFolderFixture()
    let backup = try fixture.add(1, day: 1)
    let server = try await TestServer.privateServer()
    let options = server.connectionOptions
    let connection = try await Connection.open(options)
    let pidFile = try #require(
      try await connection.query("SELECT @@pid_file AS path").rows.first?["path"])
    await connection.close()
    let text = try String(contentsOfFile: pidFile, encoding: .utf8)
    let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    await #expect(throws: (any Error).self) {
      try await BackupVerification(folder: fixture.folder, place: .server(options)).run(backup) {
        // The first rows are loaded: now the server is killed.
        if $0.phase == "compare" { kill(pid, SIGKILL) }
      }
    }
    let after = try fixture.folder.backup(backup.id)
    #expect(after.isVerified)
    #expect(after.verification.attempt != nil)
    try? await server.remove()
  }

  @Test("errors of the server's environment are distinguished from those of a statement")
  func surroundings() {
    func error(_ number: UInt32, _ message: String = "") -> DatabaseError {
      DatabaseError(
        code: .init(errno: number, sqlState: "HY000"), errno: number, serverMessage: message,
        context: "test")
    }
    for number in [3, 1021, 1030, 1040, 1041, 1114, 1205, 1290, 1317, 2002, 2006, 2013, 1142] {
      #expect(error(UInt32(number)).isOfSurroundings, "\(number)")
    }
    #expect(error(1005, "Can't create table (errno: 28 \"No space left\")").isOfSurroundings)
    for number in [1005, 1054, 1062, 1064, 1146, 1265, 1366, 1452] {
      #expect(!error(UInt32(number)).isOfSurroundings, "\(number)")
    }
  }

  @Test("a backup number is used once, whatever happens to the backup")
  func numbers() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.execute("CREATE TABLE one (a INT)")
      let folder = try BackupSample.newFolder()
      let creation = BackupCreation(
        options: connection.options, folder: folder, payopsVersion: "test")
      let first = try await creation.run()
      unlink("\(folder.path)/\(first.id)/manifest.json")
      let second = try await creation.run()
      #expect(second.sequence == 2)
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(second.id)")
      let contents = try folder.contents()
      #expect(contents.unreadable.map(\.name) == [first.id])
      #expect(contents.lost(of: second.schema) == second.id)
      #expect(try await creation.run().sequence == 3)
    }
  }

  @Test("columns that the dump tool cannot write are named", arguments: [true, false])
  func lossyColumns(readsChecksums: Bool) async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(
        """
        CREATE TABLE gauges (id INT PRIMARY KEY, exact FLOAT, level FLOAT, wide DOUBLE);
        INSERT INTO gauges VALUES (1, 0.1, 1.2345678, 0.30000000000000004), (2, -2.5, NULL, 1e300);
        CREATE TABLE marks (id INT PRIMARY KEY, mark ENUM('x', '🍎'), plain ENUM('?', 'y'));
        INSERT INTO marks VALUES (1, '🍎', '?');
        """)
      let sample = try await BackupSample.make(connection, readsChecksums: readsChecksums)
      #expect(
        (sample.manifest.lossyColumns ?? []).map { "\($0.table).\($0.column) \($0.type)" }
          == ["gauges.level float", "marks.mark enum"])
      let outcome = try await sample.examine()
      #expect(outcome.state == .failed)
      let text = outcome.findings.map(\.message).joined(separator: "\n")
      #expect(text.contains("marks.mark"), "\(text)")
      try await connection.execute("DROP TABLE marks")
      let rest = try await BackupSample.make(connection, readsChecksums: readsChecksums)
      let found = try await rest.examine().findings.map(\.message).joined(separator: "\n")
      #expect(found.contains("mariadb-dump rounds column gauges.level, a FLOAT, to 6 digits"))
    }
  }
}
