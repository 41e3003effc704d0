/** Speaks to the editor's server. Every answer is an object; what was refused is thrown with a message for people. */

export class Refused extends Error {}

async function answer(response) {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) {
    if (response.status === 403) throw new Refused("编辑器已经重新启动；请打开新给出的地址")
    if (response.status === 413) throw new Refused("文件太大，没有接收")
    throw new Refused("没有成功，请再试一次")
  }
  const body = await response.json()
  if (!response.ok) throw new Refused(body.refused ?? "没有成功，请再试一次")
  return body
}

async function ask(path, options) {
  let response
  try {
    response = await fetch(path, options)
  } catch {
    throw new Refused("编辑器没有回应；请看运行 caselib edit 的窗口是不是关了")
  }
  return answer(response)
}

export const get = (path, query = {}) => ask(`${path}?${new URLSearchParams(query)}`)

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })

export const upload = (path, query, file) =>
  ask(`${path}?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  })
