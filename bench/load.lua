-- wrk -s bench/load.lua URL -- METHOD PATH_TEMPLATE [BODY_TEMPLATE]: `{key}` is replaced by a random number from 1 to KEYS
-- (an environment variable) in every request. A body is JSON. HEADER (an environment variable, "name: value") is sent,
-- too; in it, `{unique}` is replaced by what no other request says, `{cycle}` by a number from 0 to 1023 in turn. Ends with
-- one line of JSON.
local keys = tonumber(os.getenv("KEYS") or "100000")
local threads = 0

function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end

local function with_key(template)
  return (template:gsub("{key}", function() return tostring(math.random(keys)) end))
end

function init(arguments)
  math.randomseed(os.time() * 16 + seed)
  local method, path, body = arguments[1], arguments[2], arguments[3]
  if body then wrk.headers["Content-Type"] = "application/json" end
  local header = os.getenv("HEADER") or ""
  if header ~= "" then
    local name, value = header:match("^([^:]+): (.*)$")
    local count, run = 0, tostring(os.time()) .. "-" .. tostring(math.random(1000000000)) .. "-"
    request = function()
      count = count + 1
      wrk.headers[name] = value:gsub("{unique}", run .. count):gsub("{cycle}", tostring(count % 1024))
      return wrk.format(method, with_key(path), nil, body and with_key(body))
    end
  elseif (path .. (body or "")):find("{key}", 1, true) then
    request = function() return wrk.format(method, with_key(path), nil, body and with_key(body)) end
  else  -- the same bytes every time, which costs wrk least
    wrk.method, wrk.path, wrk.body = method, path, body
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%.6f,"failed":%d,"refused":%d,"p50_us":%d,"p99_us":%d}\n', summary.requests,
    summary.duration / 1e6, e.connect + e.read + e.write + e.timeout, e.status, latency:percentile(50),
    latency:percentile(99)))
end
