"""Take an import through its steps as an editor does: workbook, upload, check, write, undo."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from futureind.exchange.models import Import

ADD = "admin:exchange_import_add"


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", "-"))
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column, "") for column in columns])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def upload(client, data, name="plans.xlsx", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse(ADD), {"file": file, **fields}, follow=True)


def newest():
    return Import.objects.first()


def step(client, name, **data):
    address = reverse(f"admin:exchange_import_{name}", args=[newest().pk])
    return client.post(address, data, follow=True)


def linked_sheets(source):
    document = {
        "title_en": "Test Province: Plan for future industries",
        "title_zh": "测试省未来产业规划",
        "document_number": "测政发〔2031〕9号",
        "document_type": "plan",
        "level": "provincial",
        "region": "beijing",
        "issued_date": "2031-02-03",
        "sources": source.slug,
        "issuers": "miit",
    }
    plan = {"document": "测政发〔2031〕9号", "region": "beijing", "horizon_year": 2035}
    track = {
        "plan": "test-province-plan-for-future-industries",
        "tier": "priority",
        "technologies": "quantum-computing (broader, stated)",
    }
    names = [("量子信息", "Quantum information"), ("光子", "Photonics")]
    tracks = [track | {"name_zh": zh, "name_en": en} for zh, en in names]
    target = {
        "document": "测政发〔2031〕9号",
        "kind": "qualitative",
        "statement_en": "Reach the front rank",
        "statement_zh": "进入前列",
        "sources": source.slug,
    }
    return {"documents": [document], "plans": [plan], "tracks": tracks, "targets": [target]}
