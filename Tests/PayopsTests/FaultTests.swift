import Backup
import EmbeddedServer
import Foundation
import Ingest
import MariaDBClient
import Monitoring
import PayopsCore
import Sealing
import Simulation
import Tabular
import Testing

@testable import payops

@Suite("Failures")
struct FaultTests {
  private func expect(
    _ error: any Error, _ message: String, _ hint: String, _ exitCode: ExitCode,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let fault = Fault(error)
    #expect(fault.message == message, sourceLocation: sourceLocation)
    #expect(fault.hint == hint, sourceLocation: sourceLocation)
    #expect(fault.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(
      fault.code.wholeMatch(of: /[a-z]+\.[a-z_]+/) != nil, "\(fault.code)",
      sourceLocation: sourceLocation)
  }

  @Test(
    "failures of the database have an exit code by their kind",
    arguments: [
      (2002, .unavailable), (2013, .unavailable), (1045, .noPermission), (1142, .noPermission),
      (1213, .temporary), (1205, .temporary), (1020, .temporary), (1146, .configuration),
      (1064, .internalError), (1062, .badData), (1366, .badData), (2026, .configuration),
      (1021, .inputOutput), (1114, .inputOutput),
    ] as [(UInt32, ExitCode)])
  func database(errno: UInt32, exitCode: ExitCode) {
    let error = DatabaseError(
      code: .init(errno: errno, sqlState: "HY000"), errno: errno, context: "refresh_rollups")
    let failure = Fault(error)
    #expect(failure.exitCode == exitCode)
    // Only unforeseen errors show their numbers, for a report.
    #expect(
      failure.message == (exitCode == .internalError ? error.debugDescription : error.description))
  }

  @Test(
    "failures of the embedded server have an exit code by their kind",
    arguments: [
      (.programMissing, .configuration), (.newerData, .configuration), (.locked, .temporary),
      (.directoryUnusable, .cannotCreate), (.startFailed, .unavailable),
      (.processFailed, .internalError),
    ] as [(EmbeddedServerError.Code, ExitCode)])
  func embeddedServer(code: EmbeddedServerError.Code, exitCode: ExitCode) {
    let error = EmbeddedServerError(code: code, message: "no mariadbd", hint: "install it")
    expect(error, "no mariadbd", "install it", exitCode)
  }

  @Test(
    "failures of the generator have an exit code by their kind",
    arguments: [
      (.unusableParameter, .usage), (.missingReference, .configuration), (.damagedRun, .badData),
      (.busy, .temporary),
    ] as [(SimulationError.Code, ExitCode)])
  func generator(code: SimulationError.Code, exitCode: ExitCode) {
    let error = SimulationError(code, "no rates", hint: "add some")
    expect(error, "no rates", "add some", exitCode)
  }

  @Test(
    "failures of backups have an exit code by their kind",
    arguments: [
      (.toolMissing, .configuration), (.unsupported, .configuration), (.keyNeeded, .configuration),
      (.wrongKey, .configuration), (.unusableKey, .configuration),
      (.missingPrivilege, .noPermission), (.schemaChanged, .temporary), (.busy, .temporary),
      (.folderUnusable, .cannotCreate), (.noSpace, .inputOutput), (.toolFailed, .inputOutput),
      (.notFound, .usage), (.targetInUse, .usage), (.notConfirmed, .usage),
      (.unsafeTarget, .usage), (.unreadableManifest, .badData), (.damaged, .badData),
      (.mismatch, .badData), (.refusedStatement, .badData), (.logGap, .badData),
    ] as [(BackupError.Code, ExitCode)])
  func backup(code: BackupError.Code, exitCode: ExitCode) {
    let error = BackupError(code, "no backup", hint: "make one")
    expect(error, "no backup", "make one", exitCode)
  }

  @Test(
    "failures of the import have an exit code by their kind",
    arguments: [
      (.unreadable, .inputOutput), (.damaged, .badData), (.wrongFormat, .badData),
      (.empty, .badData), (.badHeader, .badData), (.badMapping, .configuration),
      (.unknownMapping, .usage), (.busy, .temporary), (.interrupted, .interrupted),
      (.mismatch, .internalError),
    ] as [(ImportError.Code, ExitCode)])
  func ingest(code: ImportError.Code, exitCode: ExitCode) {
    let error = ImportError(code, "line 3 is odd", hint: "look at it")
    expect(error, "line 3 is odd", "look at it", exitCode)
  }

  @Test(
    "failures of the monitor have an exit code by their kind",
    arguments: [(.unknownSource, .usage), (.noData, .badData)]
      as [(MonitoringError.Code, ExitCode)])
  func monitor(code: MonitoringError.Code, exitCode: ExitCode) {
    let error = MonitoringError(code, "no minute", hint: "import one")
    expect(error, "no minute", "import one", exitCode)
  }

  @Test(
    "failures of seals have an exit code by their kind",
    arguments: [
      (.unusableKey, .configuration), (.unwritableHead, .cannotCreate),
      (.otherHistory, .configuration),
    ] as [(SealingError.Code, ExitCode)])
  func sealing(code: SealingError.Code, exitCode: ExitCode) {
    let error = SealingError(code, "no key", hint: "make one")
    expect(error, "no key", "make one", exitCode)
  }

  @Test("failures of files name the file")
  func files() {
    do {
      _ = try Data(contentsOf: URL(filePath: "/nonexistent/file.csv"))
      Issue.record("no error")
    } catch {
      let failure = Fault(error)
      #expect(failure.exitCode == .inputOutput)
      #expect(failure.message.contains("/nonexistent/file.csv"))
    }
  }

  @Test("unforeseen failures are internal errors")
  func unknown() {
    struct Odd: Error {}
    #expect(Fault(Odd()).exitCode == .internalError)
    #expect(Fault(CancellationError()).exitCode == .interrupted)
  }

  @Test("a failure has a code of its module")
  func codes() {
    #expect(Fault(BackupError(.unusableKey, "x")).code == "backup.unusable_key")
    #expect(Fault(ImportError(.badHeader, "x")).code == "import.bad_header")
    #expect(
      Fault(DatabaseError(code: .lockTimeout, context: "x")).code == "database.lock_timeout")
    #expect(Fault.usage("x").code == "usage")
  }

  @Test("every category has an exit code of its own")
  func categories() {
    let codes = Fault.Category.allCases.map { ExitCode($0) }
    #expect(Set(codes).count == codes.count)
    #expect(!codes.contains(.ok) && !codes.contains(.finding))
  }

  @Test("a failure in JSON is an object with stable keys")
  func json() {
    #expect(
      Fault.usage("unknown option --x", hint: nil).json.compact
        == #"{"error":"unknown option --x","hint":null,"code":"usage","exit_code":64}"#)
  }

  @Test("exit codes are distinct, documented, and follow sysexits and signals")
  func exitCodes() {
    #expect(
      ExitCode.allCases.map(\.rawValue)
        == [0, 1, 64, 65, 69, 70, 73, 74, 75, 77, 78, 130, 141, 143])
    #expect(ExitCode.forSignal(2) == .interrupted)
    #expect(ExitCode.forSignal(15) == .terminated)
    #expect(Set(ExitCode.allCases.map(\.meaning)).count == ExitCode.allCases.count)
  }
}
