import Testing

@testable import Dashboard

@Suite("Dashboard assets")
struct DashboardAssetsTests {
  @Test("the page is at /, everything it names is there")
  func namesWhatItHas() throws {
    let page = try #require(DashboardAssets.byPath["/"])
    #expect(page.contentType == "text/html; charset=utf-8")
    let text = String(decoding: page.bytes, as: UTF8.self)
    let named = text.split(separator: "\"").filter { $0.hasPrefix("/assets/") }.map(String.init)
    #expect(named.count > 5)
    for path in named + [
      "/assets/series.js", "/assets/uplot.js", "/assets/uplot.css", "/assets/licences.txt",
    ] {
      #expect(DashboardAssets.byPath[path] != nil, "\(path) is missing")
    }
  }

  @Test("all of a page is at most 100 kB gzipped")
  func isSmall() {
    let sum = DashboardAssets.all.reduce(0) { $0 + ($1.gzipBytes ?? $1.bytes).count }
    #expect(sum <= 70_000, "assets are \(sum) bytes; the answers of the API need the rest")
  }

  @Test("nothing that the content security policy forbids is in the page")
  func obeysItsPolicy() throws {
    let page = String(decoding: try #require(DashboardAssets.byPath["/"]).bytes, as: UTF8.self)
    #expect(!page.contains(" style="))
    #expect(page.firstMatch(of: #/ on[a-z]+=/#) == nil)
    #expect(!page.contains("<style"))
    #expect(!page.contains("//"))
    for asset in DashboardAssets.all
    where asset.path.hasSuffix(".js") && !asset.path.contains("uplot") {
      let text = String(decoding: asset.bytes, as: UTF8.self)
      for forbidden in ["innerHTML", "eval(", "new Function", "https://"] {
        #expect(!text.contains(forbidden), "\(asset.path) has \(forbidden)")
      }
    }
  }

  @Test("versions of files have their own tags, and gzip another")
  func tags() {
    let tags = DashboardAssets.all.flatMap { [$0.etag, $0.gzipETag] }
    #expect(Set(tags).count == tags.count)
    #expect(tags.allSatisfy { $0.hasPrefix("\"") && $0.hasSuffix("\"") && $0.count >= 18 })
  }
}
