import Health
import Testing

@testable import payops

@Suite("Exit status of the doctor")
struct DoctorStatusTests {
  @Test("the doctor exits with a finding when a check fails, and only then")
  func exitStatus() {
    #expect(DoctorCommand.status(of: [.ok, .failure, .warning]) == .finding)
    #expect(DoctorCommand.status(of: [.ok, .warning]) == .ok)
  }
}
